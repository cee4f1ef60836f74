//! Changes in words: those that are told alike are told once.

use super::change::{Change, Changes};
use std::collections::{BTreeSet, HashMap};

/// How many operations of one change are named in Markdown; the others are counted.
const NAMED: usize = 5;

/// Changes that are told in the same words.
#[derive(Debug)]
pub struct Told<'c> {
    /// The words, code between backquotes.
    pub sentence: String,
    /// The changes, one at least.
    pub changes: Vec<&'c Change>,
    /// The operations that they concern, in order.
    pub operations: Vec<usize>,
}

impl Changes {
    /// The changes, those that are told in the same words together.
    pub fn told(&self) -> Vec<Told<'_>> {
        let mut all: Vec<Told<'_>> = Vec::new();
        let mut known: HashMap<(&'static str, String), usize> = HashMap::new();
        for change in &self.all {
            let sentence = self.sentence(change);
            let number = *known
                .entry((change.class(), sentence.clone()))
                .or_insert(all.len());
            if number == all.len() {
                all.push(Told {
                    sentence,
                    changes: Vec::new(),
                    operations: Vec::new(),
                });
            }
            all[number].changes.push(change);
        }
        for told in &mut all {
            let operations = told.changes.iter().flat_map(|change| &change.operations);
            let operations: BTreeSet<usize> = operations.copied().collect();
            told.operations = operations.into_iter().collect();
        }
        all
    }

    /// The names of operations.
    pub fn names(&self, operations: &[usize]) -> Vec<&str> {
        let names = operations
            .iter()
            .map(|of| self.operations[*of].name.as_str());
        names.collect()
    }

    /// What it all comes to, in a line.
    pub fn summary(&self) -> String {
        let (old, new) = (&self.old, &self.new);
        let versions = match (old.title == new.title, old.version == new.version) {
            (true, true) => format!("{} {}", new.title, new.version),
            (true, false) => format!("{}, from {} to {}", new.title, old.version, new.version),
            _ => format!(
                "from {} {} to {} {}",
                old.title, old.version, new.title, new.version
            ),
        };
        let breaking = self.breaking();
        let others = self.all.len() - breaking;
        let counted = |count: usize, what: &str| match count {
            0 => format!("no {what} changes"),
            1 => format!("1 {what} change"),
            _ => format!("{count} {what} changes"),
        };
        match self.all.len() {
            0 => format!("{versions}: nothing has changed"),
            _ => format!(
                "{versions}: {}, {}",
                counted(breaking, "breaking"),
                counted(others, "compatible")
            ),
        }
    }

    /// All of it as Markdown.
    pub fn markdown(&self) -> String {
        let mut out = format!("# {}\n", escaped(&self.summary()));
        for (is_breaking, heading) in [(true, "Breaking"), (false, "Compatible")] {
            let told = self.told();
            let mut told = told
                .iter()
                .filter(|told| told.changes[0].is_breaking() == is_breaking)
                .peekable();
            if told.peek().is_some() {
                out += &format!("\n## {heading}\n\n");
            }
            for told in told {
                out += &format!("- {}", escaped(&told.sentence));
                if is_breaking {
                    out += &format!(" ({})", told.changes[0].class());
                }
                let names = self.names(&told.operations);
                let is_said = |name: &&str| told.sentence.starts_with(&format!("`{name}`"));
                if !names.is_empty() && !names.first().is_some_and(is_said) {
                    let shown = names
                        .iter()
                        .take(NAMED)
                        .map(|name| super::words::whole(name));
                    let shown: Vec<String> = shown.collect();
                    out += &format!(": {}", shown.join(", "));
                    if names.len() > NAMED {
                        out += &format!(" and {} others", names.len() - NAMED);
                    }
                }
                out.push('\n');
            }
        }
        if self.is_cut {
            out += "\nThe documents differ in more than is told here.\n";
        }
        out
    }
}

/// A text in which nothing but code between backquotes is Markdown.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (index, part) in text.split('`').enumerate() {
        if index > 0 {
            out.push('`');
        }
        for c in part.chars() {
            if index % 2 == 0 && "\\*_[]<>#|!&~".contains(c) {
                out.push('\\');
            }
            out.push(if c.is_control() { ' ' } else { c });
        }
    }
    out
}
