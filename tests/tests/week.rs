//! One week over HTTP, from a request to the published timetable, and what must not happen on the way.

mod week {
    mod access;
    mod bad_input;
    mod desk;
    mod doors;
    mod guards;
    mod journey;
    mod pages;
    mod people;
    mod races;
    mod requests;
    mod shared_doors;
    mod solver_guest;
    mod writes;
}
