//! The store on both databases: every test runs on SQLite and on PostgreSQL, in a database of its own.

mod store {
    mod world;

    mod audit;
    mod catalog;
    mod changes;
    mod gate;
    mod law;
    mod ledger;
    mod members;
    mod people;
    mod plans;
    mod requests;
    mod rounds;
    mod rules;
    mod runs;
    mod timetable;
    mod transactions;
    mod twins;
}
