//! What a query says (RFC 9535 §2).

use serde_json::Value;

/// `$` or `@`, and where it leads from there.
#[derive(Debug)]
pub(super) struct Query {
    /// Whether it starts at the root; else at the node that a filter is tested on.
    pub(super) is_absolute: bool,
    pub(super) segments: Vec<Segment>,
}

/// §2.5: selectors on a node, or on it and everything below it.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) is_descendant: bool,
    pub(super) selectors: Vec<Selector>,
}

/// §2.3.
#[derive(Debug)]
pub(super) enum Selector {
    Name(String),
    Wildcard,
    Index(i64),
    Slice(Option<i64>, Option<i64>, i64),
    Filter(Test),
}

/// §2.3.5: what holds of a node or doesn't.
#[derive(Debug)]
pub(super) enum Test {
    Or(Vec<Test>),
    And(Vec<Test>),
    Not(Box<Test>),
    Exists(Query),
    Compare(Operand, Comparison, Operand),
    /// `match` for the whole text, `search` for a part of it (§2.4.6, §2.4.7).
    Matches {
        whole: bool,
        text: Operand,
        pattern: Operand,
    },
}

/// §2.3.5.2.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    More,
    MoreOrEqual,
}

/// What has a value, or none.
#[derive(Debug)]
pub(super) enum Operand {
    Literal(Value),
    /// A query that selects one node at most.
    Singular(Query),
    Length(Box<Operand>),
    Count(Query),
    Value(Query),
}

impl Query {
    /// Whether it can select no more than one node (§2.3.5.1).
    pub(super) fn is_singular(&self) -> bool {
        self.segments.iter().all(|segment| {
            let one = matches!(
                segment.selectors.as_slice(),
                [Selector::Name(_) | Selector::Index(_)]
            );
            one && !segment.is_descendant
        })
    }
}
