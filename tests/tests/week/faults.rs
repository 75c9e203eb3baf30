//! Faults with fresh dice each run: bytes, texts, numbers, doors, hands at one time, power cuts and files as they should not
//! be. Each ends with every invariant verified. The seed is printed; GONGXUN_FAULTS_SEED repeats it, GONGXUN_FAULTS_SCALE
//! multiplies what is tried, up to all of it (`cargo xtask faults`).

mod concurrency;
pub mod crash;
mod doors;
mod files;
mod nonsense;
mod numbers;
mod text;
mod transport;

use super::desk::{Desk, said};
use backend::clock::now_ms;

/// A small generator (SplitMix64): a run is repeated by its seed alone.
pub struct Dice(u64);

impl Dice {
    #[expect(
        clippy::disallowed_methods,
        reason = "a run is told by its environment which one to repeat"
    )]
    pub fn thrown(what: &str) -> Self {
        let given = std::env::var("GONGXUN_FAULTS_SEED")
            .ok()
            .and_then(|seed| seed.parse().ok());
        let seed = given.unwrap_or_else(|| now_ms().unsigned_abs());
        println!("{what}: GONGXUN_FAULTS_SEED={seed}");
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    pub fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }

    pub fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        let n = self.below(of.len());
        &of[n]
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a run is told by its environment how much to try"
)]
pub fn scale() -> usize {
    std::env::var("GONGXUN_FAULTS_SCALE")
        .ok()
        .and_then(|scale| scale.parse().ok())
        .unwrap_or(1)
}

async fn is_whole(desk: &Desk) {
    let verified = desk.run(&["verify"]).await;
    assert!(verified.status.success(), "{}", said(&verified));
}
