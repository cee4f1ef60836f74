//! The work that is still to do, what was found, and which operations it concerns.

use super::change::{Change, Changes, Concerned, Side};
use super::flat::canonical;
use super::same::Same;
use super::subject::{Part, Subject};
use crate::spec::{At, Document, LoadError};
use std::collections::{BTreeSet, HashMap, VecDeque};

/// How many pairs of schemas are compared, and how many differences are told.
const MOST: usize = 300_000;
const TOLD: usize = 20_000;

/// Who sends what is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Sender {
    /// Clients do.
    Request,
    /// The API does.
    Reply,
}

/// Which of the two documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Which {
    Old,
    New,
}

/// Which way a change goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// Less is right than before.
    Narrower,
    /// More is right than before.
    Wider,
    /// What was right isn't, and what wasn't is; or it means something else.
    Other,
    /// It breaks nothing.
    Harmless,
}

/// Two sets of schemas that are to be compared, each of which a value must meet all of.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Task {
    pub old: Vec<At>,
    pub new: Vec<At>,
    /// What is told where there is no schema.
    pub places: (At, At),
    pub side: Sender,
    /// Whether what is right by them is wrong: they stand under a `not`.
    pub is_flipped: bool,
}

/// Where a change stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    /// Where it stood, where it is not new.
    pub old: Option<At>,
    /// Where it stands, where it is not gone.
    pub new: Option<At>,
    /// Where it stands in the order of the new document.
    pub order: At,
    /// What is told to have changed.
    pub about: About,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum About {
    Old(At),
    New(At),
}

impl Spot {
    /// What is in both documents.
    pub fn both(old: At, new: At) -> Spot {
        Spot {
            old: Some(old),
            new: Some(new),
            order: new,
            about: About::New(new),
        }
    }

    /// What is new; `old` is what it would have stood in.
    pub fn added(new: At) -> Spot {
        Spot {
            old: None,
            new: Some(new),
            order: new,
            about: About::New(new),
        }
    }

    /// What is gone; `new` is what it would stand in.
    pub fn gone(old: At, new: At) -> Spot {
        Spot {
            old: Some(old),
            new: None,
            order: new,
            about: About::Old(old),
        }
    }

    /// The same, told of something else in the new document.
    pub fn of(mut self, about: At) -> Spot {
        self.about = About::New(about);
        self
    }
}

/// What is told once: its kind, its places, what is told of them.
type Key = (&'static str, Option<At>, Option<At>, String);

struct Found {
    node: usize,
    kind: &'static str,
    breaks: (bool, bool),
    spot: Spot,
    detail: String,
    part: Option<Part>,
}

/// What compares two documents.
pub(super) struct Finder<'d> {
    pub old: &'d Document,
    pub new: &'d Document,
    pub same: Same<'d>,
    pub unread: Vec<LoadError>,
    waiting: VecDeque<(usize, Task)>,
    known: HashMap<Task, usize>,
    /// Which nodes lead to a node: the first ones are operations, the others pairs of schemas.
    parents: Vec<Vec<usize>>,
    operations: usize,
    found: Vec<Found>,
    pub is_cut: bool,
    /// Whether it is to be proved that no value was right that isn't any more: then what may be
    /// otherwise counts as a difference, though nobody would be told of it.
    pub is_proof: bool,
    /// What is known of which schema takes all that another takes, and how much that took.
    pub contained: HashMap<[(Which, At); 2], bool>,
    pub proved: usize,
}

impl<'d> Finder<'d> {
    pub fn new(old: &'d Document, new: &'d Document, operations: usize) -> Finder<'d> {
        Finder::of(old, new, Same::new(old, new), operations)
    }

    /// One that knows what is the same in them.
    pub fn of(
        old: &'d Document,
        new: &'d Document,
        same: Same<'d>,
        operations: usize,
    ) -> Finder<'d> {
        Finder {
            old,
            new,
            same,
            unread: Vec::new(),
            waiting: VecDeque::new(),
            known: HashMap::new(),
            // One more for the document as a whole.
            parents: vec![Vec::new(); operations + 1],
            operations,
            found: Vec::new(),
            is_cut: false,
            is_proof: false,
            contained: HashMap::new(),
            proved: 0,
        }
    }

    /// One of the documents.
    pub fn document_of(&self, which: Which) -> &'d Document {
        match which {
            Which::Old => self.old,
            Which::New => self.new,
        }
    }

    /// The node of the document as a whole.
    pub fn whole(&self) -> usize {
        self.operations
    }

    /// Tells of a change of what one side sends.
    pub fn say(
        &mut self,
        node: usize,
        (kind, side, turn): (&'static str, Sender, Turn),
        spot: Spot,
        detail: impl Into<String>,
    ) {
        if self.is_proof && turn == Turn::Wider {
            return;
        }
        if self.found.len() >= TOLD {
            self.is_cut = true;
            return;
        }
        let breaks = match (side, turn) {
            (_, Turn::Harmless) => (false, false),
            (Sender::Request, turn) => (turn != Turn::Wider, false),
            (Sender::Reply, turn) => (false, turn != Turn::Narrower),
        };
        self.found.push(Found {
            node,
            kind,
            breaks,
            spot,
            detail: detail.into(),
            part: None,
        });
    }

    /// The same, told of a part that is called otherwise than after its place.
    pub fn say_of(
        &mut self,
        node: usize,
        what: (&'static str, Sender, Turn),
        spot: Spot,
        detail: &str,
        part: Part,
    ) {
        let before = self.found.len();
        self.say(node, what, spot, detail);
        if let Some(found) = self.found.get_mut(before) {
            found.part = Some(part);
        }
    }

    /// Has two schemas compared that a node leads to.
    pub fn schemas(&mut self, node: usize, task: Task) {
        let mut task = task;
        let (old, new) = (self.old, self.new);
        for (document, schemas) in [(old, &mut task.old), (new, &mut task.new)] {
            for at in schemas.iter_mut() {
                *at = canonical(document, *at);
            }
            let mut seen = BTreeSet::new();
            schemas.retain(|at| seen.insert(*at));
        }
        // Where there are schemas, what they stand in says nothing of them.
        task.places.0 = task.old.first().copied().unwrap_or(task.places.0);
        task.places.1 = task.new.first().copied().unwrap_or(task.places.1);
        if self.are_same(&task.old, &task.new) {
            return;
        }
        if let Some(known) = self.known.get(&task) {
            self.parents[*known].push(node);
            return;
        }
        if self.known.len() >= MOST {
            self.is_cut = true;
            return;
        }
        let number = self.parents.len();
        self.parents.push(vec![node]);
        self.known.insert(task.clone(), number);
        self.waiting.push_back((number, task));
    }

    /// Whether the same stands at places of both.
    pub fn are_same(&mut self, old: &[At], new: &[At]) -> bool {
        old.len() == new.len()
            && old
                .iter()
                .zip(new)
                .all(|(old, new)| self.same.is(*old, *new))
    }

    /// Compares what waits, and what that leads to.
    pub fn run(&mut self) {
        while let Some((node, task)) = self.waiting.pop_front() {
            self.compare(node, &task);
        }
    }

    /// Compares what waits until there is a difference; whether there is none. Nothing is known
    /// where more than `most` would have to be compared.
    pub fn finds_none(&mut self, most: usize) -> (bool, usize) {
        let mut count = 0;
        while let Some((node, task)) = self.waiting.pop_front() {
            count += 1;
            self.compare(node, &task);
            if count > most || self.is_cut || !self.found.is_empty() {
                return (false, count);
            }
        }
        (true, count)
    }

    /// All that was found: what is said of one place is told once.
    pub fn changes(self, operations: Vec<Concerned>) -> Changes {
        struct Told {
            change: Change,
            order: At,
            whose: BTreeSet<usize>,
        }
        let mut told: Vec<Told> = Vec::new();
        let mut numbers: HashMap<Key, usize> = HashMap::new();
        let mut roots: HashMap<usize, Vec<usize>> = HashMap::new();
        for found in &self.found {
            let whose = roots
                .entry(found.node)
                .or_insert_with(|| roots_of(&self.parents, self.operations, found.node));
            let spot = found.spot;
            let key = (found.kind, spot.old, spot.new, found.detail.clone());
            let number = *numbers.entry(key).or_insert(told.len());
            if number == told.len() {
                let subject = match (&found.part, spot.about) {
                    (Some(part), _) => Subject {
                        part: part.clone(),
                        fields: Vec::new(),
                    },
                    (None, About::Old(at)) => Subject::of(self.old, at),
                    (None, About::New(at)) => Subject::of(self.new, at),
                };
                told.push(Told {
                    change: Change {
                        kind: found.kind,
                        breaks_requests: false,
                        breaks_replies: false,
                        subject,
                        detail: found.detail.clone(),
                        old: spot.old.map(|at| self.old.origin(at)),
                        new: spot.new.map(|at| self.new.origin(at)),
                        operations: Vec::new(),
                    },
                    order: spot.order,
                    whose: BTreeSet::new(),
                });
            }
            let told = &mut told[number];
            told.change.breaks_requests |= found.breaks.0;
            told.change.breaks_replies |= found.breaks.1;
            told.whose.extend(whose.iter());
        }
        // One place may be told of by several, each in the words of its own way there.
        told.sort_by(|one, other| {
            let key = |told: &Told| (!told.change.is_breaking(), told.order, told.change.kind);
            key(one)
                .cmp(&key(other))
                .then_with(|| one.change.detail.cmp(&other.change.detail))
        });
        let all = told.into_iter().map(|told| Change {
            operations: told.whose.into_iter().collect(),
            ..told.change
        });
        let side = |document: &Document| Side {
            title: document.title.clone(),
            version: document.version.clone(),
            file: document.source().name().to_owned(),
        };
        Changes {
            old: side(self.old),
            new: side(self.new),
            all: all.collect(),
            operations,
            unread: self.unread,
            is_cut: self.is_cut,
        }
    }
}

/// The operations that lead to a node.
fn roots_of(parents: &[Vec<usize>], operations: usize, node: usize) -> Vec<usize> {
    let mut seen = BTreeSet::from([node]);
    let mut waiting = vec![node];
    while let Some(node) = waiting.pop() {
        for parent in &parents[node] {
            if seen.insert(*parent) {
                waiting.push(*parent);
            }
        }
    }
    seen.into_iter().filter(|node| *node < operations).collect()
}
