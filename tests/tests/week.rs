//! One week over HTTP, from a request to the published timetable, and what must not happen on the way.

mod week {
    mod access;
    mod apart;
    mod audit_command;
    mod bad_input;
    mod breaches;
    mod by_hand;
    mod desk;
    mod doors;
    mod edge;
    mod faults;
    mod four_eyes;
    mod full_disk;
    mod guards;
    mod handed_lessons;
    mod imports;
    mod journey;
    mod keeping;
    mod logs;
    mod notices;
    mod outage;
    mod pages;
    mod password_age;
    mod people;
    mod personal;
    mod plain;
    mod processes;
    mod races;
    mod requests;
    mod safe_reads;
    mod sealed;
    mod second_factor;
    mod sessions;
    mod shared_doors;
    mod sign_on;
    mod solver_guest;
    mod standing;
    mod statements;
    mod stop;
    mod streams;
    mod twin_stream;
    mod writes;
}
