use super::model::Misread;
use super::tree::Node;
use std::cell::RefCell;

/// What an object says that can't be as it stands, where what is meant is clear all the same: it
/// is told, and costs no operation.
#[derive(Debug, Default)]
pub(super) struct Notes(RefCell<Vec<Misread>>);

impl Notes {
    pub(super) fn add(&self, misread: Misread) {
        self.0.borrow_mut().push(misread);
    }

    pub(super) fn say(&self, node: Node<'_>, message: impl Into<String>) {
        self.add(Misread::at(node, message));
    }

    pub(super) fn into_inner(self) -> Vec<Misread> {
        self.0.into_inner()
    }
}
