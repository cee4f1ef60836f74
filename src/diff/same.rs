//! What is the same in both documents, found quickly: most of a large document is, and needs no
//! closer look.

use super::finder::Which;
use crate::spec::{At, Document, Node};
use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// Tells of places of two documents whether all that stands there, and all that it leads to, is
/// the same, whatever the order of members is.
#[derive(Debug)]
pub(super) struct Same<'d> {
    old: Rc<Digests<'d>>,
    new: Rc<Digests<'d>>,
    /// What is known of two places.
    known: HashMap<(At, At), bool>,
}

impl<'d> Same<'d> {
    pub fn new(old: &'d Document, new: &'d Document) -> Same<'d> {
        Same {
            old: Rc::new(Digests::of(old)),
            new: Rc::new(Digests::of(new)),
            known: HashMap::new(),
        }
    }

    /// The same of places of one document and of the other, or of one alone.
    pub fn between(&self, one: Which, other: Which) -> Same<'d> {
        let of = |which| match which {
            Which::Old => Rc::clone(&self.old),
            Which::New => Rc::clone(&self.new),
        };
        Same {
            old: of(one),
            new: of(other),
            known: HashMap::new(),
        }
    }

    /// Whether what stands at two places is the same.
    pub fn is(&mut self, old: At, new: At) -> bool {
        if let Some(known) = self.known.get(&(old, new)) {
            return *known;
        }
        // Everything that can be reached is looked at once: what leads to a difference differs.
        let mut waiting = vec![(old, new)];
        let mut seen = vec![];
        let mut leading: HashMap<(At, At), Vec<(At, At)>> = HashMap::new();
        let mut differing = Vec::new();
        while let Some(pair) = waiting.pop() {
            if let Some(is_same) = self.known.get(&pair) {
                if !is_same {
                    differing.push(pair);
                }
                continue;
            }
            self.known.insert(pair, true);
            seen.push(pair);
            let Some(led) = self.led(pair) else {
                differing.push(pair);
                continue;
            };
            for next in led {
                leading.entry(next).or_default().push(pair);
                waiting.push(next);
            }
        }
        while let Some(pair) = differing.pop() {
            self.known.insert(pair, false);
            for before in leading.remove(&pair).into_iter().flatten() {
                if self.known.get(&before) == Some(&true) {
                    differing.push(before);
                }
            }
        }
        self.known.get(&(old, new)) == Some(&true)
    }

    /// The places that two lead to, where their own texts are the same.
    fn led(&self, (old, new): (At, At)) -> Option<Vec<(At, At)>> {
        let is_alike = self.old.digest(old)? == self.new.digest(new)?
            && self.old.document.vocabulary(old) == self.new.document.vocabulary(new)
            && self.old.document.dialect == self.new.document.dialect;
        let (from, to) = (self.old.led(old), self.new.led(new));
        if !is_alike || from.len() != to.len() {
            return None;
        }
        let pairs = from.iter().zip(to).map(|(from, to)| match (from.1, to.1) {
            (Some(from), Some(to)) => Some(Some((from, to))),
            (None, None) => Some(None),
            _ => None,
        });
        let pairs: Option<Vec<Option<(At, At)>>> = pairs.collect();
        Some(pairs?.into_iter().flatten().collect())
    }
}

/// A digest of each node of a document's files, and where its references lead.
#[derive(Debug)]
struct Digests<'d> {
    document: &'d Document,
    files: Vec<File>,
}

#[derive(Debug, Default)]
struct File {
    digests: Vec<u64>,
    /// The node that leads somewhere, and where; in the order of the nodes.
    led: Vec<(usize, Option<At>)>,
    /// The number behind the last node that is in a node.
    ends: Vec<u32>,
}

impl<'d> Digests<'d> {
    fn of(document: &'d Document) -> Digests<'d> {
        let files = document.roots().map(|root| {
            let mut file = File::default();
            file.read(document, root);
            file.led.sort_by_key(|(node, _)| *node);
            file
        });
        Digests {
            document,
            files: files.collect(),
        }
    }

    /// The digest of a place; nothing for what stands in no file.
    fn digest(&self, at: At) -> Option<u64> {
        let file = self.files.get(at.file())?;
        file.digests.get(at.number()).copied()
    }

    /// Where the references within a place lead.
    fn led(&self, at: At) -> &[(usize, Option<At>)] {
        let Some(file) = self.files.get(at.file()) else {
            return &[];
        };
        let end = file.ends.get(at.number()).map_or(0, |end| *end as usize);
        let from = file.led.partition_point(|(node, _)| *node < at.number());
        let to = file.led.partition_point(|(node, _)| *node < end);
        &file.led[from..to.max(from)]
    }
}

impl File {
    /// Reads a node and all that is in it; gives its digest.
    fn read(&mut self, document: &Document, node: Node<'_>) -> u64 {
        let number = node.number() as usize;
        let mut end = node.number() + 1;
        let mut hasher = DefaultHasher::new();
        let digest = if node.is_object() {
            let mut sum = 1_u64;
            for (name, value) in node.entries() {
                if name == "$ref"
                    && let Some(text) = value.text()
                {
                    let target = document.follow(value.at(), &text).ok();
                    self.led.push((number, target));
                }
                let mut hasher = DefaultHasher::new();
                (&*name, self.child(document, node, value, &mut end)).hash(&mut hasher);
                sum = sum.wrapping_add(hasher.finish());
            }
            (5, sum).hash(&mut hasher);
            hasher.finish()
        } else if node.is_array() {
            6.hash(&mut hasher);
            for item in node.items() {
                self.child(document, node, item, &mut end).hash(&mut hasher);
            }
            hasher.finish()
        } else {
            match (node.text(), node.as_bool()) {
                (Some(text), _) => (1, &*text).hash(&mut hasher),
                (_, Some(truth)) => (2, truth).hash(&mut hasher),
                _ if node.is_null() => 3.hash(&mut hasher),
                _ => (4, node.value().to_string()).hash(&mut hasher),
            }
            hasher.finish()
        };
        if self.digests.len() <= number {
            self.digests.resize(number + 1, 0);
            self.ends.resize(number + 1, 0);
        }
        self.digests[number] = digest;
        self.ends[number] = end;
        digest
    }

    fn child(
        &mut self,
        document: &Document,
        parent: Node<'_>,
        child: Node<'_>,
        end: &mut u32,
    ) -> u64 {
        // What an alias stands for is elsewhere in the file: a reference of another kind.
        if child.number() < parent.number() {
            self.led.push((parent.number() as usize, Some(child.at())));
            let known = self.digests.get(child.number() as usize);
            return known.copied().unwrap_or_default();
        }
        let digest = self.read(document, child);
        *end = (*end).max(self.ends[child.number() as usize]);
        digest
    }
}
