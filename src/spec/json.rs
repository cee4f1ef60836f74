//! JSON text into a [`Tree`].

use super::tree::{Cell, Kind, Tree};
use super::yaml::DEPTH_LIMIT;
use super::yaml_fault::Fault;
use crate::wire::{JsonFault, JsonSink, Scalar, json_text, read_json};
use granit_parser::ScalarStyle;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

/// Up to how many keys are compared with each other one by one.
const FEW: usize = 12;

/// Reads one document; an object that names a member twice is a fault.
pub(super) fn parse(text: &Arc<String>, file: u32) -> Result<Tree, Fault> {
    let mut builder = Builder {
        tree: Tree {
            file,
            text: Arc::clone(text),
            // A guess that spares most documents the growing; what isn't used is given back.
            cells: Vec::with_capacity(text.len() / 12),
            ..Tree::default()
        },
        open: Vec::new(),
        keys: Vec::new(),
    };
    read_json(text, DEPTH_LIMIT, &mut builder).map_err(Fault::from)?;
    builder.tree.cells.shrink_to_fit();
    Ok(builder.tree)
}

struct Builder {
    tree: Tree,
    /// The containers that are open: the cell, and where its keys begin among the keys.
    open: Vec<(usize, usize)>,
    /// The cells of the keys of all open objects.
    keys: Vec<u32>,
}

impl Builder {
    fn push(&mut self, kind: Kind, span: Range<usize>) {
        self.tree.cells.push(Cell {
            start: span.start as u32,
            end: span.end as u32,
            next: 0,
            kind,
            style: ScalarStyle::DoubleQuoted,
        });
    }

    fn key_text(&self, cell: u32) -> std::borrow::Cow<'_, str> {
        let Cell {
            start, end, kind, ..
        } = self.tree.cells[cell as usize];
        let text = &self.tree.text[start as usize..end as usize];
        json_text(text, kind == Kind::Escaped)
    }

    /// The first key of the innermost object that stands there a second time.
    fn twice(&self, keys: &[u32]) -> Option<u32> {
        if keys.len() <= FEW {
            let same = |a: &u32, b: &u32| self.key_text(*a) == self.key_text(*b);
            let mut seen = keys.iter().enumerate();
            return seen
                .find(|(index, key)| keys[..*index].iter().any(|known| same(known, key)))
                .map(|(_, key)| *key);
        }
        let mut seen = HashSet::with_capacity(keys.len());
        keys.iter()
            .find(|key| !seen.insert(self.key_text(**key)))
            .copied()
    }
}

impl JsonSink for Builder {
    fn key(&mut self, span: Range<usize>, escaped: bool) -> Result<(), JsonFault> {
        let number = self.tree.cells.len() as u32;
        if self.tree.text.as_bytes().get(span.start + 1) == Some(&b'$') {
            let name = json_text(&self.tree.text[span.clone()], escaped).into_owned();
            self.tree.note(&name, number + 1);
        }
        self.keys.push(number);
        self.push(if escaped { Kind::Escaped } else { Kind::Quoted }, span);
        Ok(())
    }

    fn scalar(&mut self, scalar: Scalar, span: Range<usize>) {
        let kind = match scalar {
            Scalar::Null => Kind::Null,
            Scalar::Bool(true) => Kind::True,
            Scalar::Bool(false) => Kind::False,
            Scalar::Number => Kind::Number,
            Scalar::Text { escaped: true } => Kind::Escaped,
            Scalar::Text { escaped: false } => Kind::Quoted,
        };
        self.push(kind, span);
    }

    fn open(&mut self, is_object: bool, at: usize) {
        self.open.push((self.tree.cells.len(), self.keys.len()));
        let kind = if is_object { Kind::Object } else { Kind::Array };
        self.push(kind, at..at);
    }

    fn close(&mut self, end: usize) -> Result<(), JsonFault> {
        let Some((cell, keys)) = self.open.pop() else {
            return Ok(());
        };
        if let Some(key) = self.twice(&self.keys[keys..]) {
            let span = self.tree.span(key);
            return Err(JsonFault::twice(&self.key_text(key), span));
        }
        self.keys.truncate(keys);
        let next = self.tree.cells.len() as u32;
        let cell = &mut self.tree.cells[cell];
        cell.end = end as u32;
        cell.next = next;
        Ok(())
    }
}

impl From<JsonFault> for Fault {
    fn from(fault: JsonFault) -> Fault {
        Fault {
            message: fault.message,
            span: fault.span,
            help: fault.help,
        }
    }
}
