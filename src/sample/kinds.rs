use crate::spec::Node;

/// A set of kinds of value: the types of JSON Schema, numbers that are whole apart from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kinds(u8);

impl Kinds {
    pub(super) const NULL: Kinds = Kinds(1);
    pub(super) const BOOLEAN: Kinds = Kinds(2);
    pub(super) const WHOLE: Kinds = Kinds(4);
    pub(super) const FRACTION: Kinds = Kinds(8);
    pub(super) const NUMBER: Kinds = Kinds(4 | 8);
    pub(super) const TEXT: Kinds = Kinds(16);
    pub(super) const LIST: Kinds = Kinds(32);
    pub(super) const OBJECT: Kinds = Kinds(64);
    pub(super) const ALL: Kinds = Kinds(127);
    pub(super) const NONE: Kinds = Kinds(0);

    /// Those that the value of `type` names; a name that is none of them says nothing.
    pub(super) fn of_type(value: Node<'_>) -> Kinds {
        let one = |name: Node<'_>| match name.text().as_deref() {
            Some("null") => Kinds::NULL,
            Some("boolean") => Kinds::BOOLEAN,
            Some("integer") => Kinds::WHOLE,
            Some("number") => Kinds::NUMBER,
            Some("string" | "file") => Kinds::TEXT,
            Some("array") => Kinds::LIST,
            Some("object") => Kinds::OBJECT,
            _ => Kinds::ALL,
        };
        match value.is_array() {
            true => value.items().map(one).fold(Kinds::NONE, Kinds::or),
            false => one(value),
        }
    }

    pub(super) fn or(self, other: Kinds) -> Kinds {
        Kinds(self.0 | other.0)
    }

    pub(super) fn and(self, other: Kinds) -> Kinds {
        Kinds(self.0 & other.0)
    }

    pub(super) fn without(self, other: Kinds) -> Kinds {
        Kinds(self.0 & !other.0)
    }

    pub(super) fn has(self, other: Kinds) -> bool {
        self.0 & other.0 != 0
    }
}
