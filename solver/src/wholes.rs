//! All lessons or none: as many lessons of one request as are found to fit beside what stands.
//!
//! First fit stops where its first choice shuts out a later lesson, so other choices are tried too, one place after
//! another in the order given, as far as a number of tries allows. What is found fits; that no more fits is not shown.

use crate::board::Board;
use crate::placement::Place;
use crate::world::Lesson;

/// Places that may be tried for one request.
const TRIES_MAX: usize = 4_000;

/// The most lessons found, up to so many. The board is left as it was.
pub fn most_placed(board: &mut Board, request: usize, places: &[Place], wanted: usize) -> Vec<Lesson> {
    let mut hunt = Hunt {
        request,
        places,
        wanted,
        tries: TRIES_MAX,
        placed: Vec::new(),
        best: Vec::new(),
    };
    hunt.from(board, 0);
    hunt.best
}

struct Hunt<'p> {
    request: usize,
    places: &'p [Place],
    wanted: usize,
    tries: usize,
    /// Handles of the lessons on the board.
    placed: Vec<usize>,
    best: Vec<Lesson>,
}

impl Hunt<'_> {
    /// Tries places from one on, until there is nothing more to look for.
    fn from(&mut self, board: &mut Board, first: usize) {
        if self.best.len() < self.placed.len() {
            let lessons = self.placed.iter().flat_map(|handle| board.lessons[*handle].clone());
            self.best = lessons.collect();
        }
        for (n, place) in self.places.iter().enumerate().skip(first) {
            let reach = self.placed.len() + self.places.len() - n;
            if self.best.len() == self.wanted || self.tries == 0 || reach <= self.best.len() {
                break;
            }
            self.tries -= 1;
            if let Some(handle) = board.try_place(self.request, place.start, place.room) {
                self.placed.push(handle);
                self.from(board, n + 1);
                self.placed.pop();
                board.remove(handle);
            }
        }
    }
}
