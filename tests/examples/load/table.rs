//! The table: what was measured, the floor that holds, the goal.

#[derive(Default)]
pub struct Table {
    rows: Vec<[String; 4]>,
    notes: Vec<String>,
    /// What is below its floor.
    pub missed: Vec<String>,
}

impl Table {
    /// `holds` says whether the floor does.
    pub fn row(&mut self, what: &str, measured: String, (floor, holds): (&str, bool), goal: &str) {
        eprintln!("{what}: {measured}");
        self.missed.extend((!holds).then(|| format!("{what}: {measured}")));
        self.rows
            .push([what.to_owned(), measured, floor.to_owned(), goal.to_owned()]);
    }

    pub fn note(&mut self, note: String) {
        eprintln!("{note}");
        self.notes.push(note);
    }

    pub fn print(&self) {
        println!("| what | measured | floor | goal |\n| --- | --- | --- | --- |");
        self.rows.iter().for_each(|row| println!("| {} |", row.join(" | ")));
        self.notes.iter().for_each(|note| println!("\n{note}"));
    }
}
