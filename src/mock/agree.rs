//! Values that say the same of one thing: where a client says one of them, those beside it that
//! were made up follow.

use super::beside::{counted_in_rows, in_texts, owned, taxed};
use super::called::{SLUGGED, address, called_so, known_by, of_role, slug, whole_name};
use super::name::{is_called, plain};
use crate::sample::{
    Role, Share, aged, consonant, count_of_doers, is_count_of, is_of_birth, is_of_lines, lasting,
    moved, priced_unit, rank, role, share, sums, told_beside,
};
use chrono::NaiveDate;
use serde_json::{Map, Value, json};
use std::borrow::Cow;

/// What an object has made up that hangs on what a client said, and what it is then; `before` is
/// the object as it was made up.
pub(super) fn following(
    before: Option<&Map<String, Value>>,
    members: &Map<String, Value>,
    is_said: &dyn Fn(&str) -> bool,
) -> Vec<(String, Value)> {
    let mut following: Vec<(String, Value)> = told_beside(members, is_said);
    following.extend(whole_name(members, is_said));
    following.extend(called_so(members, is_said));
    following.extend(address(members, is_said));
    following.extend(known_by(members, is_said));
    following.extend(slug(members, is_said));
    following.extend(referred(members, is_said));
    following.extend(in_currency(members, is_said));
    following.extend(before.map_or(Vec::new(), |before| moved(before, members, is_said)));
    let bound = consonant(members, &|name| !is_said(name)).into_iter();
    // What no client had a part in stands.
    let is_changed = |name: &str| before.is_none_or(|before| before.get(name) != members.get(name));
    let is_touched = members.keys().any(|name| is_said(name) && is_changed(name));
    following.extend(bound.filter(|_| is_touched));
    let mut whole = members.clone();
    whole.extend(following.iter().cloned());
    following.extend(before.map_or(Vec::new(), |before| in_texts(before, &whole, is_said)));
    following.extend(owned(&whole, is_said));
    following.extend(counted_in_rows(&whole, is_said));
    // What is reckoned of a tax comes after it.
    loop {
        let mut whole = members.clone();
        whole.extend(following.iter().cloned());
        let is_told = |name: &str| {
            let mut following = following.iter();
            is_said(name) || following.any(|(known, _)| known == name)
        };
        let sums = totals(&whole, &is_told);
        whole.extend(sums.iter().cloned());
        let is_sum = |name: &str| sums.iter().any(|(known, _)| known == name);
        let tax =
            before.and_then(|before| taxed(before, &whole, &|name| is_told(name) || is_sum(name)));
        match tax {
            Some(tax) => following.push(tax),
            None => {
                following.extend(sums);
                return following;
            }
        }
    }
}

/// What is known of a change beside what it changes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Following {
    /// Whether nobody ever said what the item was.
    pub is_made_up: bool,
    /// Whether rules have a part in it.
    pub is_ruled: bool,
    pub today: NaiveDate,
}

/// What of an item follows a change to it: where it said the same as what it is made of, and the
/// client changed that alone. An address stays, as people keep theirs, but where nobody ever said it.
/// An age is that of `today`; where it `is_ruled`, the rules work out how long things last.
pub(super) fn following_on(
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    is_sent: &dyn Fn(&str) -> bool,
    Following {
        is_made_up,
        is_ruled,
        today,
    }: Following,
) -> Vec<(String, Value)> {
    let is_said = |name: &str| is_sent(name) || before.get(name) != after.get(name);
    // Most changes are of what nothing follows from, and leave the names in their order: no member
    // need be looked up then.
    let both = before.iter().zip(after);
    let is_in_order = before.len() == after.len() && both.clone().all(|(was, is)| was.0 == is.0);
    let may_follow = match is_in_order {
        true => both.into_iter().any(|((name, was), (_, is))| {
            (may_tell(was) || may_tell(is))
                && (was != is || is_sent(name))
                && (tells(name, was) || tells(name, is))
        }),
        false => {
            let mut members = before.iter().chain(after);
            members.any(|(name, value)| may_tell(value) && is_said(name) && tells(name, value))
        }
    };
    if !may_follow {
        return Vec::new();
    }
    let agreed = |(name, old): &(String, Value)| match (before.get(name), old) {
        (Some(Value::Number(own)), Value::Number(old)) => own.as_f64() == old.as_f64(),
        (own, old) => own == Some(old),
    };
    let known: [Way; 2] = [
        |members, is_said| address(members, is_said).into_iter().collect(),
        |members, is_said| known_by(members, is_said).into_iter().collect(),
    ];
    let lasting = match is_ruled {
        true => Vec::new(),
        false => lasting(before, after, &is_said),
    };
    let whole: Cow<'_, Map<String, Value>> = match lasting.is_empty() {
        true => Cow::Borrowed(after),
        false => {
            let mut whole = after.clone();
            whole.extend(lasting.iter().cloned());
            Cow::Owned(whole)
        }
    };
    let after = &*whole;
    let is_told = |name: &str| is_said(name) || lasting.iter().any(|(known, _)| known == name);
    let is_said = &is_told;
    let ways: [Way; 3] = [whole_name, totals, |members, is_said| {
        slug(members, is_said).into_iter().collect()
    }];
    let ways = ways
        .into_iter()
        .chain(known.into_iter().filter(|_| is_made_up));
    let followed = ways.flat_map(|way| {
        let agreeing: Vec<String> = way(before, is_said)
            .into_iter()
            .filter(agreed)
            .map(|(name, _)| name)
            .collect();
        let mut followed = way(after, is_said);
        followed.retain(|(name, _)| agreeing.contains(name));
        followed
    });
    let mut followed: Vec<(String, Value)> = followed.collect();
    if let Some((name, value)) = by_length(before, after, &lasting, is_said)
        && followed.iter().all(|(known, _)| *known != name)
    {
        followed.push((name, value));
    }
    let is_born = |name: &String| is_of_birth(name) && before.get(name) != after.get(name);
    let age = aged(after, today).filter(|(age, _)| !is_said(age) && after.keys().any(is_born));
    followed.extend(age);
    followed.extend(lasting.iter().cloned());
    followed.extend(counted(before, after, is_said));
    let mut whole = after.clone();
    whole.extend(followed.iter().cloned());
    let is_known =
        |name: &str| is_said(name) || followed.iter().any(|(followed, _)| followed == name);
    let told = flagged(before, &whole, &is_known);
    let left = left_over(before, &whole, &is_known);
    followed.extend(told.into_iter().chain(left));
    followed
}

/// What is left of a whole of which one part is gone: a balance of a total, less what is paid.
fn left_over(
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    is_said: &dyn Fn(&str) -> bool,
) -> Option<(String, Value)> {
    let shared = |wanted: Share| {
        let numbers = after.iter().filter(|(_, value)| value.is_number());
        numbers.filter(move |(name, _)| share(name) == Some(wanted))
    };
    let (left, own) = shared(Share::Left).find(|(name, _)| !is_said(name))?;
    let (gone, _) = shared(Share::Gone).next()?;
    let whole = shared(Share::Whole).next().map(|(name, _)| name.as_str());
    let whole =
        whole.or_else(|| of_role(after, Role::Total).or_else(|| of_role(after, Role::Sum)))?;
    let cents = |members: &Map<String, Value>, name: &str| {
        let amount = members.get(name)?.as_f64()?;
        Some((amount * 100.0).round())
    };
    let rest = |members| Some(cents(members, whole)? - cents(members, gone)?);
    let was_so = rest(before)? == cents(before, left)?;
    let now =
        rest(after).filter(|now| was_so && *now >= 0.0 && Some(*now) != cents(after, left))?;
    let value = match own.is_f64() || now % 100.0 != 0.0 {
        true => json!(now / 100.0),
        false => json!((now / 100.0) as i64),
    };
    Some((left.clone(), value))
}

/// How many there are who did what a flag says that one does now, or does no more.
fn counted(
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    is_said: &dyn Fn(&str) -> bool,
) -> Option<(String, Value)> {
    let mut flags = after.iter().filter_map(|(name, value)| {
        let (was, is) = (before.get(name)?.as_bool()?, value.as_bool()?);
        (was != is).then_some((name, is))
    });
    let numbers = || after.iter().filter(|(_, value)| value.is_u64());
    let (count, is) = flags.find_map(|(flag, is)| {
        let count = count_of_doers(flag, numbers().map(|(name, _)| name.as_str()))?;
        (!is_said(count)).then_some((count, is))
    })?;
    let number = after.get(count)?.as_u64()?;
    let number = match is {
        true => number.saturating_add(1),
        false => number.saturating_sub(1),
    };
    Some((count.to_owned(), number.into()))
}

/// What a stay of another length costs, where nothing tells what a night of it does.
fn by_length(
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    lasting: &[(String, Value)],
    is_said: &dyn Fn(&str) -> bool,
) -> Option<(String, Value)> {
    let is_length = |name: &str| is_count_of(name, "night") || is_count_of(name, "day");
    let (name, now) = lasting.iter().find(|(name, _)| is_length(name))?;
    let (was, now) = (before.get(name)?.as_f64()?, now.as_f64()?);
    let parts = [Role::Subtotal, Role::Tax, Role::Fee, Role::Discount];
    let tells = |name: &String| {
        priced_unit(name).is_some() || role(name).is_some_and(|role| parts.contains(&role))
    };
    let total = of_role(after, Role::Total).or_else(|| of_role(after, Role::Sum))?;
    if is_said(total) || was <= 0.0 || after.keys().any(tells) {
        return None;
    }
    let cost = after.get(total)?;
    let scaled = cost.as_f64()? * now / was;
    let scaled = match cost.is_f64() {
        true => json!((scaled * 100.0).round() / 100.0),
        false if scaled.fract() == 0.0 => json!(scaled as i64),
        false => json!((scaled * 100.0).round() / 100.0),
    };
    Some((total.to_owned(), scaled))
}

/// Flags that tell what a number beside them does (`inStock` of `stock`), where that changed.
fn flagged(
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    is_said: &dyn Fn(&str) -> bool,
) -> Vec<(String, Value)> {
    if !after.values().any(Value::is_boolean) {
        return Vec::new();
    }
    let free = |name: &str| !is_said(name);
    let wrong = consonant(before, &free);
    let mut flags = consonant(after, &free);
    flags
        .retain(|(name, value)| value.is_boolean() && wrong.iter().all(|(known, _)| known != name));
    flags
}

/// Amounts that are in a currency, which is the one that the client said of the whole.
fn in_currency(
    members: &Map<String, Value>,
    is_said: &dyn Fn(&str) -> bool,
) -> Vec<(String, Value)> {
    let is_currency = |name: &str| role(name) == Some(Role::Currency);
    let said = members
        .iter()
        .find(|(name, value)| value.is_string() && is_said(name) && is_currency(name));
    let Some((_, said)) = said else {
        return Vec::new();
    };
    let held = members.iter().filter(|(name, _)| !is_said(name));
    let held = held.filter_map(|(name, value)| {
        let mut object = value.as_object()?.clone();
        let (_, own) = object
            .iter_mut()
            .find(|(own, value)| is_currency(own) && value.is_string() && *value != said)?;
        *own = said.clone();
        Some((name.clone(), Value::Object(object)))
    });
    held.collect()
}

/// Whether something may follow from such a value: a number, the lines of a list, a name, what
/// somebody did.
fn may_tell(value: &Value) -> bool {
    matches!(
        value,
        Value::Number(_) | Value::Array(_) | Value::String(_) | Value::Bool(_)
    )
}

/// Whether something may follow from a member whose value may tell.
fn tells(name: &str, value: &Value) -> bool {
    match value {
        Value::String(text) if text.parse::<f64>().is_err() => {
            let is_moment = text.starts_with(|c: char| c.is_ascii_digit());
            matches!(role(name), Some(Role::FirstName | Role::LastName))
                || is_moment && (rank(name).is_some() || is_of_birth(name))
                || SLUGGED.iter().any(|known| is_called(name, known))
        }
        // `liked` is of those who are counted.
        Value::Bool(_) => name.contains("ed"),
        value => may_tell(value),
    }
}

type Way = fn(&Map<String, Value>, &dyn Fn(&str) -> bool) -> Vec<(String, Value)>;

/// The sums that follow from others, at least one of which the client said.
pub(super) fn totals(
    members: &Map<String, Value>,
    is_said: &dyn Fn(&str) -> bool,
) -> Vec<(String, Value)> {
    let mut told: Vec<String> = Vec::new();
    // What nothing was ordered of costs nothing.
    let emptied = members.iter().filter(|(name, value)| {
        is_of_lines(name) && is_said(name) && value.as_array().is_some_and(Vec::is_empty)
    });
    let emptied: Vec<String> = emptied.map(|(name, _)| name.clone()).collect();
    let filled = (!emptied.is_empty()).then(|| {
        let mut members = members.clone();
        for name in &emptied {
            members.insert(name.clone(), json!([{"quantity": 0, "price": 0}]));
        }
        // Nor is anything taken off it.
        for (name, value) in &mut members {
            if role(name) == Some(Role::Discount) && !is_said(name) {
                *value = nothing(value).unwrap_or_else(|| value.take());
            }
        }
        members
    });
    let before = members;
    let members = filled.as_ref().unwrap_or(members);
    let sums = sums(members, &mut |sum| {
        let mut parts = sum.parts.iter();
        let follows = parts.any(|part| is_said(part) || told.contains(part));
        let follows = follows && !is_said(&sum.name);
        if follows {
            told.push(sum.name.clone());
        }
        follows
    });
    let mut sums: Vec<(String, Value)> =
        sums.into_iter().map(|sum| (sum.name, sum.value)).collect();
    // Nothing is put on it, nor taken off: the total is what was added up.
    let has = |wanted: &[Role]| {
        members
            .keys()
            .any(|name| role(name).is_some_and(|r| wanted.contains(&r)))
    };
    if let Some(subtotal) = sums
        .iter()
        .find(|(name, _)| role(name) == Some(Role::Subtotal))
        && !has(&[Role::Tax, Role::Fee, Role::Discount])
        && let Some(total) = of_role(members, Role::Total).or_else(|| of_role(members, Role::Sum))
        && !is_said(total)
        && sums.iter().all(|(name, _)| name != total)
        && members[total].is_number() == subtotal.1.is_number()
    {
        sums.push((total.to_owned(), subtotal.1.clone()));
    }
    // What is taken off of what costs less leaves nothing.
    let of = |name: &str| {
        let mut told = sums.iter().filter(|(known, _)| known == name);
        amount(told.next().map(|(_, value)| value).or(members.get(name))?)
    };
    let less = of_role(members, Role::Subtotal).and_then(&of);
    let less = less.zip(of_role(members, Role::Discount).and_then(&of));
    let is_follower = |name: &str| !is_said(name) && sums.iter().all(|(known, _)| known != name);
    if less.is_some_and(|(subtotal, discount)| discount > subtotal && subtotal >= 0.0)
        && let Some(total) = of_role(members, Role::Total).or_else(|| of_role(members, Role::Sum))
        && is_follower(total)
        && let Some(nothing) = nothing(&members[total])
    {
        sums.push((total.to_owned(), nothing));
    }
    let other = members.iter().filter(|(name, value)| {
        role(name) == Some(Role::Discount) && before.get(name.as_str()) != Some(value)
    });
    sums.extend(other.map(|(name, value)| (name.clone(), value.clone())));
    sums
}

/// An amount that is a number, or a text that is one.
fn amount(value: &Value) -> Option<f64> {
    let of_text = || value.as_str()?.parse().ok();
    value.as_f64().or_else(of_text)
}

/// No money, in the form of an amount.
fn nothing(value: &Value) -> Option<Value> {
    amount(value)?;
    Some(match value {
        Value::String(text) => {
            let digits = text.split_once('.').map_or(0, |(_, digits)| digits.len());
            format!("{:.digits$}", 0.0).into()
        }
        Value::Number(number) if number.is_f64() => 0.0.into(),
        _ => 0.into(),
    })
}

/// Objects that are made up of what the client names by its id: `category.id` beside `category_id`.
fn referred(members: &Map<String, Value>, is_said: &dyn Fn(&str) -> bool) -> Vec<(String, Value)> {
    let said = members.iter().filter(|(name, value)| {
        is_said(name) && (value.is_string() || value.is_number()) && plain(name).ends_with("id")
    });
    let told = said.filter_map(|(name, id)| {
        let of = plain(name).strip_suffix("id")?.to_owned();
        let mut others = members.iter();
        let (holder, object) = others
            .find(|(other, value)| value.is_object() && !is_said(other) && is_called(other, &of))?;
        let own = object.get("id")?;
        let is_other = own != id && own.is_number() == id.is_number();
        let mut object = object.clone();
        object["id"] = id.clone();
        is_other.then(|| (holder.clone(), object))
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const CHANGE: Following = Following {
        is_made_up: false,
        is_ruled: false,
        today: NaiveDate::from_ymd_opt(2026, 11, 29).expect("a date"),
    };

    #[test]
    fn what_was_made_up_follows_what_was_said() {
        let followed = |whole: Value, said: Value| {
            let members = whole.as_object().expect("an object");
            let mut whole = members.clone();
            whole.extend(following(None, members, &|name| said.get(name).is_some()));
            Value::Object(whole)
        };
        let person = json!({"firstName": "Bo", "last_name": "O'Hara", "fullName": "Ann Lee",
                            "email": "ann.lee@example.com"});
        assert_eq!(
            followed(person.clone(), json!({"firstName": "Bo"})),
            json!({"firstName": "Bo", "last_name": "O'Hara", "fullName": "Bo O'Hara",
                   "email": "bo.ohara@example.com"})
        );
        let known = json!({"firstName": "Zoe", "lastName": "Quinn", "displayName": "Ann Lee",
                           "initials": "AL", "username": "ann.lee"});
        assert_eq!(
            followed(known, json!({"firstName": "Zoe", "lastName": "Quinn"})),
            json!({"firstName": "Zoe", "lastName": "Quinn", "displayName": "Zoe Quinn",
                   "initials": "ZQ", "username": "zoe.quinn"})
        );
        let all = json!({"firstName": "Bo", "fullName": "B", "email": "b@example.com"});
        assert_eq!(followed(person.clone(), all), person);
        assert_eq!(followed(person.clone(), json!({})), person);
        let known = json!({"name": "x", "fullName": "Ann Lee", "full_name": "a/b"});
        assert_eq!(
            followed(known, json!({"name": "x"})),
            json!({"name": "x", "fullName": "x", "full_name": "a/x"})
        );
        let order = json!({"quantity": 3, "price": 2.35, "total": 99});
        assert_eq!(followed(order, json!({"price": 1}))["total"], 7.05);
        let order = json!({"quantity": i64::MAX, "unitPrice": 2, "total": 1, "tax": 0});
        assert_eq!(followed(order.clone(), json!({"quantity": 1})), order);
        let order = json!({"quantity": 2, "unitPrice": 5, "subtotal": 99, "tax": 2, "total": 7});
        let whole = json!({"quantity": 2, "unitPrice": 5, "subtotal": 10, "tax": 2, "total": 12});
        assert_eq!(followed(order.clone(), json!({"quantity": 2})), whole);
        // What the client said of a sum stands, and what follows from it.
        let said = followed(order, json!({"quantity": 2, "subtotal": 99}));
        assert_eq!(
            (&said["subtotal"], &said["total"]),
            (&json!(99), &json!(101))
        );
    }

    #[test]
    fn what_is_taken_off_leaves_nothing_at_least() {
        let after = |change: Value| {
            let cart = json!({"items": [{"quantity": 2, "price": 5}], "subtotal": 10, "discount": 3.5, "total": 6.5});
            let before = cart.as_object().cloned().expect("an object");
            let mut after = before.clone();
            after.extend(change.as_object().cloned().expect("an object"));
            let followed =
                following_on(&before, &after, &|name| change.get(name).is_some(), CHANGE);
            after.extend(followed);
            json!([after["subtotal"], after["discount"], after["total"]])
        };
        assert_eq!(after(json!({"items": []})), json!([0, 3.5, 0.0]));
        let cheap = json!([{"quantity": 1, "price": 2}]);
        assert_eq!(after(json!({"items": cheap})), json!([2, 3.5, 0.0]));
        let dear = json!([{"quantity": 3, "price": 5}]);
        assert_eq!(after(json!({"items": dear})), json!([15, 3.5, 11.5]));
    }

    #[test]
    fn what_hangs_on_a_moment_follows_it() {
        let on = |before: Value, change: Value| {
            let before = before.as_object().cloned().expect("an object");
            let mut after = before.clone();
            after.extend(change.as_object().cloned().expect("an object"));
            let is_sent = |name: &str| change.get(name).is_some();
            let followed = following_on(&before, &after, &is_sent, CHANGE);
            Value::Object(followed.into_iter().collect())
        };
        let stay = json!({"checkIn": "2026-12-01", "checkOut": "2026-12-04", "nights": 3, "totalPrice": 114});
        let longer = json!({"checkOut": "2026-12-06"});
        assert_eq!(
            on(stay, longer.clone()),
            json!({"totalPrice": 190, "nights": 5})
        );
        let stay = json!({"checkIn": "2026-12-01", "checkOut": "2026-12-04", "nights": 3,
                          "pricePerNight": 10.5, "totalPrice": 31.5});
        assert_eq!(on(stay, longer), json!({"totalPrice": 52.5, "nights": 5}));
        let person = json!({"birthDate": "2000-01-01", "age": 24});
        let change = json!({"birthDate": "1980-12-01"});
        assert_eq!(on(person, change), json!({"age": 45}));
        let page = json!({"title": "Buy Milk", "slug": "buy-milk"});
        assert_eq!(on(page, json!({"title": "New"})), json!({"slug": "new"}));
        let post = json!({"liked": false, "likesCount": 0});
        assert_eq!(
            on(post.clone(), json!({"liked": true})),
            json!({"likesCount": 1})
        );
        let counted = json!({"liked": true, "likesCount": 5});
        assert_eq!(on(post, counted), json!({}));
        let bill = json!({"quantity": 3, "price": 2, "total": 6, "amountPaid": 1, "balanceDue": 5});
        let dearer = json!({"quantity": 4});
        assert_eq!(on(bill, dearer), json!({"total": 8, "balanceDue": 7}));
        let page = json!({"title": "Buy Milk", "slug": "milk"});
        assert_eq!(on(page, json!({"title": "New"})), json!({}));
    }

    #[test]
    fn what_said_the_same_before_a_change_does_so_after_it() {
        let object = |value: Value| value.as_object().cloned().expect("an object");
        let before = json!({"quantity": 3, "price": 2.5, "total": 7.5, "firstName": "Ann",
                            "lastName": "Lee", "fullName": "Boss", "email": "ann.lee@example.com"});
        let before = object(before);
        let on = |change: Value| {
            let mut after = before.clone();
            after.extend(object(change.clone()));
            let followed =
                following_on(&before, &after, &|name| change.get(name).is_some(), CHANGE);
            Value::Object(followed.into_iter().collect())
        };
        assert_eq!(on(json!({"quantity": 4})), json!({"total": 10.0}));
        assert_eq!(on(json!({"quantity": 4, "total": 7.5})), json!({}));
        assert_eq!(on(json!({"firstName": "Bo"})), json!({}));
        assert_eq!(on(json!({"note": "x"})), json!({}));
    }
}
