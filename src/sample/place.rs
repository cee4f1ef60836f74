use super::draw::Draw;
use super::list::Known;
use super::names::Persona;
use super::text::TextDemand;
use crate::spec::At;
use serde_json::Value;
use std::rc::Rc;

/// Names that lead to a value.
pub(super) type Path = Rc<[Rc<str>]>;

/// Where in a sample a value stands.
#[derive(Clone)]
pub(super) struct Place<'p> {
    /// The names on the way, outermost first: shared, as a place is copied for every try.
    pub(super) path: Path,
    pub(super) persona: &'p Persona,
    pub(super) draw: Draw,
    /// What orders are drawn from: the same for every try.
    pub(super) order: Draw,
    /// The value that stands here in an example of what is around.
    pub(super) wish: Option<&'p Value>,
    /// What a text may say where its name says nothing.
    pub(super) hint: Option<&'p str>,
    /// What a text is to be beside what its schemas say.
    pub(super) also: Option<&'p TextDemand>,
    /// The schemas of the objects around.
    pub(super) around: &'p [At],
    /// What it must differ from: the items of a list that has none twice, where it's one of them.
    pub(super) taken: Option<&'p Known>,
    /// Which of all possible values is asked for, where what is drawn stands there already.
    pub(super) sweep: Option<u64>,
    /// Whether it is an item of a list itself.
    pub(super) is_row: bool,
    /// Whether one of what there are several of is drawn, as what comes first was of no use.
    pub(super) is_roving: bool,
    /// Its place among the items of the nearest list.
    pub(super) index: usize,
    /// How many objects and lists are around it.
    pub(super) depth: usize,
}

impl Place<'_> {
    /// The names on the way to a member.
    pub(super) fn path_to(&self, name: &str) -> Path {
        let above = self.path.iter().cloned();
        above.chain([Rc::from(name)]).collect()
    }

    /// How deep it stands for a reader: lists in lists count half, as those of coordinates do.
    pub(super) fn level(&self) -> usize {
        self.path.len().max(self.depth / 2)
    }
}
