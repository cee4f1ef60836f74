//! Numbers of an object that bound each other, or come to each other, by their names: the guests
//! that adults and children are, what is paid of what is due, the pages that there are of so many
//! items.

use super::balances::{closing, graded, products, reorder, stops, volumes};
use super::bounds::{bounded, shares};
use super::dues::dues;
use super::flags::{flags, is_task_done};
use super::measures::{late, measured, transferred, units};
use super::parts::parts;
use super::percents::{change, is_progress, percents};
use super::roles::{Role, role};
use super::stages::done;
use super::tallies::{averaged, rated, reactions};
use super::words::Words;
use super::{Share, share};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::net::Ipv4Addr;

/// How many properties are looked at.
const MOST: usize = 200;

/// Wholes, and the two parts that each comes to.
const SUMS: [(&str, &str, &str); 4] = [
    (
        "guests, number of guests, guest count, total guests, party size, occupancy, num guests, \
         travelers, travellers, passengers, total passengers, passenger count, people, persons, \
         pax, total travelers",
        "adults, number of adults, adult count, num adults, adult",
        "children, number of children, child count, num children, kids, child",
    ),
    (
        "wins and losses, games played, matches played, played",
        "wins, won",
        "losses, lost",
    ),
    (
        "total votes, vote count, votes",
        "upvotes, up votes, likes",
        "downvotes, down votes, dislikes",
    ),
    (
        "total seats, seats total, seats",
        "booked seats, reserved seats, sold seats, seats sold, used seats, seats used, seats taken",
        "free seats, remaining seats, available seats, seats left, seats available, seats remaining",
    ),
];

const PAGE: &str = "page, page number, current page, page no, pagenumber";
const SIZE: &str = "page size, per page, limit, size, items per page, results per page, \
    page limit, pagesize";
const ALL: &str = "total, total items, total count, total elements, total results, total records, \
    item count, total rows, total size";
const PAGES: &str = "total pages, page count, pages, last page, number of pages, num pages";
const NEXT: &str = "has next, has more, has next page, more, has more pages";
const PREVIOUS: &str = "has previous, has prev, has previous page, has prev page";

/// What numbers are where their names tell that they can't be what they are, in the order in which
/// one follows from another. Those that aren't `free` stand.
pub fn consonant(
    members: &Map<String, Value>,
    is_free: &dyn Fn(&str) -> bool,
) -> Vec<(String, Value)> {
    if members.len() > MOST {
        return Vec::new();
    }
    let named = members.iter().filter(|(_, value)| value.is_number());
    let named: Vec<(&str, Words)> = named
        .map(|(name, _)| (name.as_str(), Words::of(name)))
        .collect();
    let mut now = Cow::Borrowed(members);
    let mut changes = Vec::new();
    for way in WAYS {
        let found = way(&now, &named, is_free);
        if !found.is_empty() {
            now.to_mut().extend(found.iter().cloned());
            changes.extend(found);
        }
    }
    changes
}

/// What numbers and flags are by those beside them, of which the members that are numbers come with
/// the words of their names.
type Way = fn(&Map<String, Value>, &[(&str, Words)], &dyn Fn(&str) -> bool) -> Changes;

/// Each after what it follows from.
const WAYS: [Way; 25] = [
    bounded,
    |members, _, is_free| addresses(members, is_free),
    sums,
    |members, _, is_free| paid(members, is_free),
    |members, _, is_free| parts(members, is_free),
    |members, _, is_free| dues(members, is_free),
    completed,
    percents,
    change,
    progress,
    reactions,
    averaged,
    rated,
    products,
    volumes,
    closing,
    graded,
    stops,
    transferred,
    units,
    measured,
    late,
    flags,
    reorder,
    pages,
];

type Changes = Vec<(String, Value)>;

/// The member that one of these phrases names.
fn find<'m>(named: &[(&'m str, Words)], phrases: &str) -> Option<&'m str> {
    let mut phrases = phrases.split(", ");
    phrases.find_map(|phrase| {
        let mut named = named.iter();
        let found = named.find(|(_, words)| words.all() == phrase);
        found.map(|(name, _)| *name)
    })
}

fn whole(members: &Map<String, Value>, name: &str) -> Option<i64> {
    let number = members.get(name)?;
    let float = || {
        let float = number.as_f64()?;
        (float.fract() == 0.0 && float.abs() < 1e15).then_some(float as i64)
    };
    number.as_i64().or_else(float)
}

/// What two parts come to.
fn sums(
    members: &Map<String, Value>,
    named: &[(&str, Words)],
    is_free: &dyn Fn(&str) -> bool,
) -> Changes {
    let mut changes = Vec::new();
    for (all, one, other) in SUMS {
        let [all, one, other] = [all, one, other].map(|phrases| find(named, phrases));
        let (Some(all), Some(one), Some(other)) = (all, one, other) else {
            continue;
        };
        let [sum, first, second] = [all, one, other].map(|name| whole(members, name));
        let (Some(sum), Some(first), Some(second)) = (sum, first, second) else {
            continue;
        };
        if first.checked_add(second).is_none_or(|parts| parts == sum) {
            continue;
        }
        match () {
            () if is_free(all) => changes.push((all.to_owned(), (first + second).into())),
            () if is_free(other) && first <= sum => {
                changes.push((other.to_owned(), (sum - first).into()));
            }
            () if is_free(one) && second <= sum => {
                changes.push((one.to_owned(), (sum - second).into()));
            }
            () if is_free(one) && is_free(other) => {
                changes.push((one.to_owned(), sum.into()));
                changes.push((other.to_owned(), 0.into()));
            }
            () => {}
        }
    }
    changes
}

/// No more is paid, or used, than there is of it.
fn paid(members: &Map<String, Value>, is_free: &dyn Fn(&str) -> bool) -> Changes {
    let numbers = || members.iter().filter(|(_, value)| value.is_number());
    let is_left = |(name, _): (&String, &Value)| share(name) == Some(Share::Left);
    if numbers().any(is_left) {
        return Vec::new();
    }
    let gone = numbers().find(|(name, _)| share(name) == Some(Share::Gone));
    let is_all = |name: &str| share(name) == Some(Share::Whole) || role(name) == Some(Role::Total);
    let all = numbers().find(|(name, _)| is_all(name));
    let (Some((gone, part)), Some((all, sum))) = (gone, all) else {
        return Vec::new();
    };
    let is_more = part.as_f64().zip(sum.as_f64());
    if is_more.is_some_and(|(part, sum)| part > sum) {
        return match is_free(gone) {
            true => vec![(gone.clone(), sum.clone())],
            false if is_free(all) => vec![(all.clone(), part.clone())],
            false => Vec::new(),
        };
    }
    Vec::new()
}

/// The first address of a range isn't above the last.
fn addresses(members: &Map<String, Value>, is_free: &dyn Fn(&str) -> bool) -> Changes {
    let known = members.iter().filter_map(|(name, value)| {
        let address: Ipv4Addr = value.as_str()?.parse().ok()?;
        Some((name.clone(), Value::from(u32::from(address))))
    });
    let known: Map<String, Value> = known.collect();
    let named: Vec<(&str, Words)> = known
        .keys()
        .map(|name| (name.as_str(), Words::of(name)))
        .collect();
    let changes = bounded(&known, &named, is_free).into_iter();
    let changes = changes.filter_map(|(name, number)| {
        let address = Ipv4Addr::from(u32::try_from(number.as_u64()?).ok()?);
        Some((name, address.to_string().into()))
    });
    changes.collect()
}

/// What is completed has all of its parts done: `completedLessons` where a flag says so.
fn completed(
    members: &Map<String, Value>,
    named: &[(&str, Words)],
    is_free: &dyn Fn(&str) -> bool,
) -> Changes {
    let mut flags = members
        .iter()
        .filter(|(_, value)| **value == Value::Bool(true));
    let says = [
        "completed",
        "is completed",
        "is complete",
        "is done",
        "finished",
        "is finished",
    ];
    if !flags.any(|(name, _)| says.contains(&Words::of(name).all())) {
        return Vec::new();
    }
    let is_done = |name: &str| Words::of(name).has(&["completed", "done", "finished"]);
    let done = shares(named)
        .into_iter()
        .filter(|(part, ..)| is_done(part) && is_free(part));
    done.map(|(part, whole, _)| (part.to_owned(), members[whole].clone()))
        .collect()
}

/// How far something is, where the one status beside it tells that it is at its beginning or its end.
fn progress(
    members: &Map<String, Value>,
    named: &[(&str, Words)],
    is_free: &dyn Fn(&str) -> bool,
) -> Changes {
    let statuses = members.iter().filter_map(|(name, value)| {
        let is_status = role(name) == Some(Role::Status);
        value.as_str().filter(|_| is_status)
    });
    let by_status: Vec<Option<i64>> = statuses.map(done).collect();
    let is_done = || {
        let mut flags = members
            .iter()
            .filter(|(_, value)| **value == Value::Bool(true));
        flags.any(|(name, _)| is_task_done(name))
    };
    let done = match by_status.as_slice() {
        [Some(done)] => done,
        [] if is_done() => &100,
        _ => return Vec::new(),
    };
    let progress = named
        .iter()
        .filter(|(name, _)| is_progress(name) && is_free(name));
    let mut changes: Changes = progress
        .map(|(name, _)| ((*name).to_owned(), (*done).into()))
        .collect();
    // Of what hasn't begun nothing is done yet, and all of it is left.
    let [gone, left, all] = ["processed", "remaining", "total"].map(|name| find(named, name));
    if let (0, Some(gone), Some(left), Some(all)) = (*done, gone, left, all)
        && is_free(gone)
        && is_free(left)
    {
        changes.push((gone.to_owned(), 0.into()));
        changes.push((left.to_owned(), members[all].clone()));
    }
    changes
}

/// How many pages there are, and whether one comes before and after, where an object tells of a
/// page of something that isn't in it.
fn pages(
    members: &Map<String, Value>,
    named: &[(&str, Words)],
    is_free: &dyn Fn(&str) -> bool,
) -> Changes {
    let mut changes = Vec::new();
    let flags = members.iter().filter(|(_, value)| value.is_boolean());
    let flags: Vec<(&str, Words)> = flags
        .map(|(name, _)| (name.as_str(), Words::of(name)))
        .collect();
    let size = find(named, SIZE);
    let pages = find(named, PAGES);
    let page = find(named, PAGE);
    let all = find(named, ALL);
    // Beside its items a page tells of the list only where it says how many there are.
    let is_whole = all.is_none() && members.values().any(Value::is_array);
    if is_whole || size.is_none() && pages.is_none() {
        return changes;
    }
    let number = |name: Option<&str>| whole(members, name?).filter(|number| *number >= 0);
    let counted = number(all).zip(number(size).filter(|size| *size > 0));
    let counted = counted.map(|(all, size)| all.div_euclid(size) + i64::from(all % size > 0));
    let mut last = number(pages);
    if let (Some(name), Some(counted)) = (pages, counted)
        && is_free(name)
    {
        changes.push((name.to_owned(), counted.into()));
        last = Some(counted);
    }
    let last = last.or(counted);
    let mut at = number(page);
    if let (Some(name), Some(last), Some(number)) = (page, last, at)
        && number > last.max(1)
        && is_free(name)
    {
        changes.push((name.to_owned(), last.max(1).into()));
        at = Some(last.max(1));
    }
    let Some(at) = at else {
        return changes;
    };
    let next = last.map(|last| at < last);
    for (phrases, is_so) in [(NEXT, next), (PREVIOUS, Some(at > 1))] {
        if let (Some(name), Some(is_so)) = (find(&flags, phrases), is_so)
            && is_free(name)
        {
            changes.push((name.to_owned(), is_so.into()));
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn agreed(object: Value, said: &[&str]) -> Value {
        let mut members = object.as_object().cloned().expect("an object");
        members.extend(consonant(&object_of(&object), &|name| {
            !said.contains(&name)
        }));
        Value::Object(members)
    }

    fn object_of(value: &Value) -> Map<String, Value> {
        value.as_object().cloned().expect("an object")
    }

    #[test]
    fn limits_and_parts_and_pages_agree() {
        for (object, said, expected) in [
            (
                json!({"minStay": 5, "maxStay": 2}),
                &[][..],
                json!({"minStay": 2, "maxStay": 5}),
            ),
            (
                json!({"temp_low": 21.5, "temp_high": 3}),
                &["temp_low"],
                json!({"temp_low": 21.5, "temp_high": 21.5}),
            ),
            (
                json!({"priceFrom": 9, "priceTo": 3}),
                &["priceTo"],
                json!({"priceFrom": 3, "priceTo": 3}),
            ),
            (
                json!({"startIndex": 9, "endIndex": 3}),
                &[],
                json!({"startIndex": 3, "endIndex": 9}),
            ),
            (
                json!({"guests": 1, "adults": 2, "children": 1}),
                &[],
                json!({"guests": 3, "adults": 2, "children": 1}),
            ),
            (
                json!({"guests": 5, "adults": 2, "children": 1}),
                &["guests", "adults"],
                json!({"guests": 5, "adults": 2, "children": 3}),
            ),
            (
                json!({"amountPaid": 50, "totalPrice": 20}),
                &[],
                json!({"amountPaid": 20, "totalPrice": 20}),
            ),
            (
                json!({"page": 9, "pageSize": 20, "total": 45, "totalPages": 7, "hasNext": true}),
                &[],
                json!({"page": 3, "pageSize": 20, "total": 45, "totalPages": 3, "hasNext": false}),
            ),
            (
                json!({"page": 1, "limit": 20, "total": 45, "hasMore": false, "hasPrev": true}),
                &[],
                json!({"page": 1, "limit": 20, "total": 45, "hasMore": true, "hasPrev": false}),
            ),
        ] {
            assert_eq!(agreed(object.clone(), said), expected, "{object}");
        }
    }

    #[test]
    fn what_is_right_or_said_stays() {
        for (object, said) in [
            (json!({"min": 1, "max": 2}), &[][..]),
            (json!({"min": 3, "max": 2}), &["min", "max"]),
            (
                json!({"page": 2, "items": [1], "pages": 1, "hasMore": true}),
                &[],
            ),
            (json!({"adults": i64::MAX, "children": 1, "guests": 4}), &[]),
            (json!({"from": "b", "to": "a"}), &[]),
        ] {
            assert_eq!(agreed(object.clone(), said), object);
        }
    }
}
