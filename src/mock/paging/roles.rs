use super::area::AREAS;
use super::filter::Filter;
use super::frame::Frame;
use super::lead::{Lead, count};
use super::property::Properties;
use super::{Cursor, Paging, Size, USUAL, told};
use crate::decode::ParameterReader;
use crate::spec::{ShapeId, Shapes};

const SIZES: [&str; 21] = [
    "limit",
    "perpage",
    "pagesize",
    "pagelimit",
    "size",
    "maxresults",
    "resultsperpage",
    "itemsperpage",
    "pagelen",
    "pagelength",
    "first",
    "top",
    "take",
    "count",
    "maxitems",
    "maxkeys",
    "maxrecords",
    "resultsize",
    "rows",
    "pagecount",
    "maxcount",
];
const NUMBERS: [&str; 8] = [
    "page",
    "pagenumber",
    "pageno",
    "pagenum",
    "pageindex",
    "p",
    "currentpage",
    "pagepage",
];
const OFFSETS: [&str; 11] = [
    "offset",
    "skip",
    "start",
    "startindex",
    "startat",
    "pageoffset",
    "startposition",
    "from",
    "startoffset",
    "firstresult",
    "firstitem",
];
const FORWARD: [&str; 24] = [
    "cursor",
    "pagecursor",
    "pagetoken",
    "nexttoken",
    "nextpagetoken",
    "nextcursor",
    "continuation",
    "continuationtoken",
    "continue",
    "bookmark",
    "scrollparam",
    "scrollid",
    "pageafter",
    "after",
    "startingafter",
    "startafter",
    "aftercursor",
    "marker",
    "pagemarker",
    "startingtoken",
    "afterid",
    "lastid",
    "sinceid",
    "aftertoken",
];
const BACKWARD: [&str; 8] = [
    "before",
    "endingbefore",
    "pagebefore",
    "beforecursor",
    "previouscursor",
    "prevcursor",
    "beforeid",
    "endbefore",
];
/// Those of the cursors that are given the keys of items.
const KEYS: [&str; 11] = [
    "startingafter",
    "endingbefore",
    "startafter",
    "endbefore",
    "afterid",
    "beforeid",
    "lastid",
    "sinceid",
    "after",
    "before",
    "marker",
];
const SEARCHES: [&str; 13] = [
    "q",
    "query",
    "search",
    "term",
    "searchterm",
    "searchquery",
    "searchtext",
    "searchstring",
    "keyword",
    "keywords",
    "text",
    "fulltext",
    "s",
];
/// Names that say as much of an item as of a list: an item's own property goes first.
const WEAK: [&str; 22] = [
    "size",
    "count",
    "order",
    "direction",
    "start",
    "from",
    "first",
    "top",
    "before",
    "after",
    "text",
    "term",
    "keyword",
    "keywords",
    "query",
    "reverse",
    "marker",
    "page",
    "s",
    "p",
    "rows",
    "continue",
];
/// The beginnings and ends of ranges: where both can be asked for, neither is of pages.
const RANGES: [(&str, &str); 3] = [("from", "to"), ("start", "end"), ("since", "until")];
/// From which length on a cursor may be any.
const LONG: usize = 256;

impl Paging {
    /// What the query parameters of an operation mean that lists items of a shape, in a reply of a
    /// frame. Paths, headers and cookies have no say.
    pub fn of(
        readers: &[ParameterReader],
        shapes: &Shapes,
        item: Option<ShapeId>,
        frame: Option<&Frame>,
    ) -> Paging {
        let leads = Lead::all(readers, shapes);
        let first = usize::from(!frame.is_some_and(Frame::counts_from_zero));
        let mut paging = Paging {
            properties: Properties::of(shapes, item),
            least: frame.map_or(0, |frame| frame.least),
            room: frame.and_then(|frame| frame.most),
            ..Paging::default()
        };
        // A parameter has one role at most: what goes through the pages goes first.
        let mut rest = Vec::new();
        for lead in &leads {
            if !paging.take(lead, &leads, first) {
                rest.push(lead);
            }
        }
        for lead in rest {
            let is_integer_since =
                lead.plain == "since" && lead.is_number() && !is_of_range(lead, &leads);
            if is_integer_since && paging.forward.is_none() && !lead.tells_of_time() {
                paging.forward = Some(cursor(lead));
                continue;
            }
            paging.filters.extend(Filter::of(lead, &paging.properties));
        }
        let has_pages = !paging.place_fields().is_empty();
        if let Some(size) = &mut paging.size
            && size.usual.is_none()
            && has_pages
        {
            size.usual = Some(USUAL.min(size.most.unwrap_or(USUAL)));
        }
        paging
    }

    fn take(&mut self, lead: &Lead<'_>, all: &[Lead<'_>], first: usize) -> bool {
        let name = lead.plain.as_str();
        let is_property = WEAK.contains(&name) && self.properties.exact(name).is_some();
        if is_property || is_of_range(lead, all) {
            return false;
        }
        let is_in = |names: &[&str]| names.contains(&name);
        let is_token = || told::mentions(&lead.description, &["cursor", "token"]);
        let is_text = !lead.is_number();
        let counts = lead.may_count() && lead.choices().iter().all(|c| c.parse::<u64>().is_ok());
        if is_in(&SIZES) && counts {
            self.size.get_or_insert_default().add(lead);
            return true;
        }
        // Of a connection both ends can be asked for.
        let has_first = || all.iter().any(|other| other.plain == "first");
        if name == "last" && counts && lead.is_number() && has_first() {
            self.size.get_or_insert_default().add(lead);
            self.last = Some(lead.field.clone());
            return true;
        }
        if is_in(&NUMBERS) && counts && self.number.is_none() && !(is_text && is_token()) {
            self.number = Some((lead.field.clone(), base(lead, first)));
            return true;
        }
        // A text that is a start may be one of anything.
        let is_offset = !["start", "from"].contains(&name) || lead.is_number();
        if is_in(&OFFSETS) && counts && is_offset && self.offset.is_none() && !lead.is_moment() {
            self.offset = Some((lead.field.clone(), base(lead, 0)));
            return true;
        }
        let is_page_token = is_in(&NUMBERS) && is_text && is_token();
        let is_of_time = ["before", "after"].contains(&name) && lead.tells_of_time();
        if (is_in(&FORWARD) || is_page_token) && lead.may_count() && !is_of_time {
            self.forward.get_or_insert_with(|| cursor(lead));
            return true;
        }
        if is_in(&BACKWARD) && lead.may_count() && !is_of_time {
            self.backward.get_or_insert_with(|| cursor(lead));
            return true;
        }
        if self.order.take(lead, all) {
            return true;
        }
        let may_be_area = lead.may_be("array") || lead.may_be("string");
        if is_in(&AREAS) && may_be_area && lead.choices().is_empty() {
            self.area.get_or_insert_with(|| lead.field.clone());
            return true;
        }
        let may_search = lead.may_be("string") && self.properties.may_have_texts();
        let is_property = self.properties.exact(name).is_some();
        if is_in(&SEARCHES) && may_search && !is_property && lead.choices().is_empty() {
            self.search.get_or_insert_with(|| lead.field.clone());
            return true;
        }
        false
    }
}

/// Whether a parameter is one end of a range of which the other can be asked for too. Of numbers
/// before and after which there is something, pages are asked for by so many at a time.
fn is_of_range(lead: &Lead<'_>, all: &[Lead<'_>]) -> bool {
    let name = lead.plain.as_str();
    let has = |names: &[&str]| {
        all.iter()
            .any(|other| names.contains(&other.plain.as_str()))
    };
    let both = |(start, end): &(&str, &str)| {
        [*start, *end].contains(&name) && has(&[start]) && has(&[end])
    };
    RANGES.iter().any(both) || lead.is_number() && both(&("after", "before")) && !has(&SIZES)
}

impl Size {
    fn add(&mut self, lead: &Lead<'_>) {
        let default = lead.default().and_then(count);
        let maximum = lead.count("maximum");
        self.most = self
            .most
            .or(maximum)
            .or_else(|| told::most(&lead.description));
        self.usual = self
            .usual
            .or(default)
            .or_else(|| told::default(&lead.description));
        self.fields.push((lead.field.clone(), default));
    }
}

/// What the first is counted as: what the document says is the default, or the least.
fn base(lead: &Lead<'_>, usual: usize) -> usize {
    let told_zero = told::mentions(
        &lead.description,
        &[
            "zero-based",
            "0-based",
            "zero based",
            "zero-indexed",
            "0-indexed",
            "starts at 0",
            "starting at 0",
            "starts from 0",
            "starting from 0",
            "0..n",
        ],
    );
    let told_one = told::mentions(
        &lead.description,
        &[
            "one-based",
            "1-based",
            "one based",
            "1-indexed",
            "starts at 1",
            "starting at 1",
            "starts from 1",
            "starting from 1",
        ],
    );
    let said = lead
        .default()
        .and_then(count)
        .or_else(|| lead.count("minimum"));
    match (told_zero, told_one, said) {
        (true, false, _) => 0,
        (false, true, _) => 1,
        (_, _, Some(first @ (0 | 1))) => first,
        _ => usual,
    }
}

fn cursor(lead: &Lead<'_>) -> Cursor {
    let is_number = lead.is_number();
    let is_bounded = lead.count("maxLength").is_some_and(|most| most < LONG)
        || !lead.text("pattern").is_empty()
        || !lead.text("format").is_empty();
    Cursor {
        field: lead.field.clone(),
        is_key: is_number || is_bounded || KEYS.contains(&lead.plain.as_str()),
        is_number,
        written: lead.written(),
    }
}
