//! Chance that can be repeated: the same seed, the same throws, on every machine.
//!
//! Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014.

pub struct Dice(u64);

impl Dice {
    pub fn of(seed: u64) -> Self {
        Self(seed)
    }
    pub fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    /// From 0 until `n`, which is not 0.
    pub fn below(&mut self, n: usize) -> usize {
        (self.throw() % n as u64) as usize
    }
    pub fn percent(&mut self, chance: u64) -> bool {
        self.throw() % 100 < chance
    }
}
