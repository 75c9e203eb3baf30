//! Garbage and orders out of a seed. Garbage has no structure that would be worth shrinking, so it needs no strategy.

use domain::id::*;
use domain::instance::*;
use domain::plan::{Assignment, UnitsHeld};
use domain::time::Span;

/// SplitMix64 (Steele, Lea, Flood 2014).
pub struct Dice(pub u64);

/// Where sums and differences overflow, and where days and spans turn.
const NUMBERS: [i64; 14] = [
    i64::MIN,
    i64::MIN + 1,
    -10_080,
    -1440,
    -1,
    0,
    1,
    2,
    60,
    1440,
    10_080,
    i64::MAX / 2,
    i64::MAX - 1,
    i64::MAX,
];

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 33) as usize % n
    }

    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        (1..list.len()).for_each(|n| list.swap(n, self.below(n + 1)));
    }

    /// Every list of which the order means nothing.
    pub fn shuffle_all(&mut self, instance: &mut Instance, lessons: &mut [Assignment]) {
        self.shuffle(lessons);
        for lesson in lessons {
            self.shuffle(&mut lesson.instructors);
            self.shuffle(&mut lesson.equipment);
            lesson
                .equipment
                .iter_mut()
                .for_each(|held| self.shuffle(&mut held.units));
        }
        self.shuffle(&mut instance.travel.pairs);
        self.shuffle(&mut instance.organizations);
        self.shuffle(&mut instance.rooms);
        for room in &mut instance.rooms {
            self.shuffle(&mut room.features);
            self.shuffle(&mut room.open);
            self.shuffle(&mut room.blackouts);
        }
        self.shuffle(&mut instance.equipment);
        instance
            .equipment
            .iter_mut()
            .for_each(|equipment| self.shuffle(&mut equipment.blackouts));
        self.shuffle(&mut instance.instructors);
        instance
            .instructors
            .iter_mut()
            .for_each(|one| self.shuffle(&mut one.available));
        self.shuffle(&mut instance.requests);
        for request in &mut instance.requests {
            self.shuffle(&mut request.windows);
            self.shuffle(&mut request.cohorts);
            self.shuffle(&mut request.equipment);
            self.shuffle(&mut request.pinned);
        }
    }

    fn number(&mut self) -> i64 {
        NUMBERS[self.below(NUMBERS.len())]
    }

    fn flag(&mut self) -> bool {
        self.below(2) == 0
    }

    fn maybe<T>(&mut self, one: impl Fn(&mut Self) -> T) -> Option<T> {
        self.flag().then(|| one(self))
    }

    fn list<T>(&mut self, one: impl Fn(&mut Self) -> T) -> Vec<T> {
        (0..self.below(5)).map(|_| one(self)).collect()
    }

    fn span(&mut self) -> Span {
        Span::new(self.number(), self.number())
    }

    /// One of four names, so that twins, strangers and circles are common.
    fn name(&mut self) -> String {
        ["a", "b", "c", "d"][self.below(4)].to_owned()
    }

    fn placed(&mut self) -> Placed {
        let instructors = self.list(|dice| InstructorId::new(dice.name()));
        Placed {
            start: self.number(),
            room: RoomId::new(self.name()),
            instructors,
        }
    }

    fn room(&mut self) -> Room {
        Room {
            id: RoomId::new(self.name()),
            site: SiteId::new(self.name()),
            part_of: self.maybe(|dice| RoomId::new(dice.name())),
            features: self.list(|dice| FeatureId::new(dice.name())),
            seats: self.number(),
            open: self.list(Self::span),
            blackouts: self.list(Self::span),
            turnaround: self.number(),
        }
    }

    fn equipment(&mut self) -> Equipment {
        Equipment {
            id: EquipmentId::new(self.name()),
            site: SiteId::new(self.name()),
            room: self.maybe(|dice| RoomId::new(dice.name())),
            units: self.number(),
            blackouts: self.list(|dice| UnitsOut {
                span: dice.span(),
                units: dice.number(),
            }),
        }
    }

    fn instructor(&mut self) -> Instructor {
        Instructor {
            id: InstructorId::new(self.name()),
            skills: self
                .list(|dice| (SkillId::new(dice.name()), dice.number()))
                .into_iter()
                .collect(),
            available: self.list(Self::span),
            organizations: self.maybe(|dice| dice.list(|dice| OrganizationId::new(dice.name()))),
            week_max: self.maybe(Self::number),
            day_max: self.maybe(Self::number),
        }
    }

    fn request(&mut self) -> Request {
        Request {
            id: RequestId::new(self.name()),
            organization: OrganizationId::new(self.name()),
            tier: self.number(),
            lessons: self.number(),
            minutes: self.number(),
            headcount: self.number(),
            cohorts: self.list(|dice| CohortId::new(dice.name())),
            per_day_max: self.maybe(Self::number),
            days_between_min: self.number(),
            all_or_nothing: self.flag(),
            windows: self.list(|dice| Window {
                span: dice.span(),
                preference: 0,
            }),
            rooms: RoomNeed {
                any_of: self.maybe(|dice| dice.list(|dice| RoomId::new(dice.name()))),
                features: self.list(|dice| FeatureId::new(dice.name())),
                preference: Default::default(),
            },
            equipment: self.list(|dice| EquipmentNeed {
                id: EquipmentId::new(dice.name()),
                units: dice.number(),
            }),
            instructors: InstructorNeed {
                count: self.number(),
                skills: self
                    .list(|dice| (SkillId::new(dice.name()), dice.number()))
                    .into_iter()
                    .collect(),
                any_of: self.maybe(|dice| dice.list(|dice| InstructorId::new(dice.name()))),
                preference: Default::default(),
            },
            pinned: self.list(Self::placed),
            previous: Vec::new(),
        }
    }

    /// A world without sense.
    pub fn instance(&mut self) -> Instance {
        Instance {
            format: self.name(),
            calendar: Calendar {
                monday: self.name(),
                zone: self.name(),
                until: self.number(),
                start_step: self.number(),
                starts: self.maybe(|dice| dice.list(Self::number)),
            },
            travel: Travel {
                default: self.number(),
                pairs: self.list(|dice| (SiteId::new(dice.name()), SiteId::new(dice.name()), dice.number())),
            },
            organizations: self.list(|dice| Member {
                id: OrganizationId::new(dice.name()),
                weight: f64::NAN,
                history: dice.number(),
                quota: dice.maybe(Self::number),
            }),
            rooms: self.list(Self::room),
            equipment: self.list(Self::equipment),
            instructors: self.list(Self::instructor),
            requests: self.list(Self::request),
            budget: Budget::default(),
        }
    }

    /// Up to 24 assignments without sense.
    pub fn lessons(&mut self) -> Vec<Assignment> {
        let some = self.list(|dice| dice.list(Self::lesson)).into_iter().flatten();
        some.collect::<Vec<_>>()
            .into_iter()
            .chain(self.list(Self::lesson))
            .collect()
    }

    fn lesson(&mut self) -> Assignment {
        Assignment {
            request: RequestId::new(self.name()),
            lesson: self.number(),
            start: self.number(),
            room: RoomId::new(self.name()),
            equipment: self.list(|dice| UnitsHeld {
                id: EquipmentId::new(dice.name()),
                units: dice.list(Self::number),
            }),
            instructors: self.list(|dice| InstructorId::new(dice.name())),
            pinned: self.flag(),
        }
    }
}
