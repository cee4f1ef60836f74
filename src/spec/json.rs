//! JSON text into a [`Tree`].

use super::keys::{Role, twice};
use super::tree::{Cell, Kind, Tree};
use super::yaml::DEPTH_LIMIT;
use super::yaml_fault::Fault;
use crate::wire::{JsonFault, JsonSink, Scalar, json_text, read_json};
use granit_parser::ScalarStyle;
use std::ops::Range;
use std::sync::Arc;

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
}

impl JsonSink for Builder {
    fn key(&mut self, span: Range<usize>, escaped: bool) -> Result<(), JsonFault> {
        let number = self.tree.cells.len() as u32;
        // Few keys begin as those with a meaning do.
        if let Some(b'$' | b'r' | b'w' | b'p' | b'f' | b'\\') =
            self.tree.text.as_bytes().get(span.start + 1)
            && let Some(role) = Role::of(&json_text(&self.tree.text[span.clone()], escaped))
            && let Some((object, _)) = self.open.last()
        {
            self.tree.note(role, *object as u32, number + 1);
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
        if let Some(key) = twice(&self.tree, &self.keys[keys..]) {
            let name = self.tree.node(key).text().unwrap_or_default();
            return Err(JsonFault::twice(&name, self.tree.span(key)));
        }
        let members = self.keys.len() - keys;
        self.tree.crowds.note(cell as u32, members);
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
