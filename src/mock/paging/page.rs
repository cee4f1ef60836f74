use serde_json::Value;

/// What of a list a request is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<'i> {
    /// The items with their keys, in order.
    pub items: Vec<(&'i str, &'i Value)>,
    /// How many items there are on all pages.
    pub total: usize,
    /// How many items a page has at most; nothing where all are shown.
    pub size: Option<usize>,
    /// How many items come before.
    pub offset: usize,
    /// How many pages come before, where the request said its number.
    pub before: Option<usize>,
    /// Whether the request said how to sort.
    pub is_sorted: bool,
    /// What the first page is counted as: 1, or 0 where pages are counted so.
    pub first_number: usize,
    /// What the first item is counted as: 0, or 1 where positions are counted so.
    pub first_offset: usize,
    /// The cursor of the page behind, where there is one and the operation has cursors.
    pub next_cursor: Option<String>,
    /// The same of the page before.
    pub previous_cursor: Option<String>,
    /// The cursors of the first item and of the last, where the operation has cursors.
    pub cursors_at_ends: (Option<String>, Option<String>),
}

impl<'i> Page<'i> {
    /// A list that is shown whole.
    pub fn whole(items: Vec<(&'i str, &'i Value)>) -> Page<'i> {
        Page {
            total: items.len(),
            items,
            size: None,
            offset: 0,
            before: None,
            is_sorted: false,
            first_number: 1,
            first_offset: 0,
            next_cursor: None,
            previous_cursor: None,
            cursors_at_ends: (None, None),
        }
    }
    /// Whether items come behind.
    pub fn has_more(&self) -> bool {
        self.end() < self.total && self.size != Some(0)
    }

    /// Whether items come before.
    pub fn has_previous(&self) -> bool {
        self.offset > 0 && self.total > 0 && self.size != Some(0)
    }

    /// How many items come before and are shown.
    pub(super) fn end(&self) -> usize {
        self.offset.saturating_add(self.items.len())
    }

    /// How many pages there are; one where all is shown, none where there is nothing.
    pub fn pages(&self) -> usize {
        match self.size {
            Some(0) => 0,
            Some(size) => self.total.div_ceil(size),
            None => usize::from(self.total > 0),
        }
    }

    /// The number of this page, as pages are counted.
    pub fn number(&self) -> usize {
        let by_place = || self.offset.checked_div(self.size.unwrap_or(0));
        let before = self.before.or_else(by_place);
        self.first_number.saturating_add(before.unwrap_or(0))
    }

    /// The number of the last page, as pages are counted: the first where there is nothing.
    pub(super) fn last_number(&self) -> usize {
        self.first_number + self.pages().saturating_sub(1)
    }

    /// How many items come before the page behind this one, before this one, and so on.
    pub(super) fn offset_of(&self, turn: super::Turn) -> Option<usize> {
        let size = self.size.filter(|size| *size > 0);
        match (turn, size) {
            (super::Turn::Here, _) => Some(self.offset),
            (super::Turn::First, _) => Some(0),
            (super::Turn::Previous, Some(size)) if self.has_previous() => {
                // Past the end, the page before is the last.
                let before = self.offset.min(self.total.next_multiple_of(size));
                Some(before.saturating_sub(size))
            }
            (super::Turn::Next, Some(_)) if self.has_more() => Some(self.end()),
            (super::Turn::Last, Some(size)) => Some(self.pages().saturating_sub(1) * size),
            (super::Turn::Last, None) => Some(0),
            _ => None,
        }
    }
}
