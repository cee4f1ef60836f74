//! Values that say the same of one thing: where a client says one of them, those beside it that
//! were made up follow.

use serde_json::{Map, Number, Value};

/// What an object has made up that hangs on what a client said, and what it is then.
pub(super) fn following(
    members: &Map<String, Value>,
    is_said: &dyn Fn(&str) -> bool,
) -> Vec<(String, Value)> {
    let ways: [Way; 3] = [whole_name, address, total];
    let ways = ways.into_iter();
    ways.filter_map(|way| way(members, is_said)).collect()
}

/// What of an item follows a change to it: where it said the same as what it is made of, and the
/// client changed that alone. An address stays, as people keep theirs.
pub(super) fn following_on(
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    is_sent: &dyn Fn(&str) -> bool,
) -> Vec<(String, Value)> {
    let is_said = |name: &str| is_sent(name) || before.get(name) != after.get(name);
    let ways: [Way; 2] = [whole_name, total];
    let ways = ways.into_iter().filter_map(|way| {
        let (name, old) = way(before, &is_said)?;
        let agreed = match (before.get(&name)?, &old) {
            (Value::Number(own), Value::Number(old)) => own.as_f64() == old.as_f64(),
            (own, old) => own == old,
        };
        way(after, &is_said).filter(|(other, _)| agreed && *other == name)
    });
    ways.collect()
}

type Way = fn(&Map<String, Value>, &dyn Fn(&str) -> bool) -> Option<(String, Value)>;

/// The name of a person, of those that it is made of.
fn whole_name(
    members: &Map<String, Value>,
    is_said: &dyn Fn(&str) -> bool,
) -> Option<(String, Value)> {
    let whole = made_up(members, &["fullname", "displayname"], is_said)?;
    let (first, last) = names(members, is_said)?;
    Some((whole.to_owned(), format!("{first} {last}").into()))
}

/// An address for mail, at the host that it was at.
fn address(
    members: &Map<String, Value>,
    is_said: &dyn Fn(&str) -> bool,
) -> Option<(String, Value)> {
    let email = made_up(members, &["email", "emailaddress"], is_said)?;
    let (_, host) = members.get(email)?.as_str()?.split_once('@')?;
    let (first, last) = names(members, is_said)?;
    let plain = |name: &str| {
        let letters = name.chars().filter(char::is_ascii_alphanumeric);
        letters.collect::<String>().to_ascii_lowercase()
    };
    let (first, last) = (plain(first), plain(last));
    let is_sayable = !first.is_empty() && !last.is_empty() && first.len() + last.len() < 60;
    is_sayable.then(|| (email.to_owned(), format!("{first}.{last}@{host}").into()))
}

/// What so many of that price cost, where nothing else goes into it.
fn total(members: &Map<String, Value>, is_said: &dyn Fn(&str) -> bool) -> Option<(String, Value)> {
    let total = made_up(members, &["total", "totalprice", "totalamount"], is_said)?;
    let parts = [
        "subtotal",
        "tax",
        "taxamount",
        "totaltax",
        "discount",
        "shipping",
        "shippingcost",
        "fee",
        "fees",
        "tip",
        "delivery",
        "deliveryfee",
    ];
    if find(members, &parts).is_some() {
        return None;
    }
    let count = find(members, &["quantity", "qty"])?;
    let price = find(members, &["unitprice", "price"])?;
    if !is_said(count) && !is_said(price) {
        return None;
    }
    let product = product(members.get(count)?, members.get(price)?)?;
    Some((total.to_owned(), product))
}

/// One number times another, to the cent.
fn product(one: &Value, other: &Value) -> Option<Value> {
    if let (Some(one), Some(other)) = (one.as_i64(), other.as_i64()) {
        return one.checked_mul(other).map(Value::from);
    }
    let product = one.as_f64()? * other.as_f64()?;
    Number::from_f64((product * 100.0).round() / 100.0).map(Value::Number)
}

/// The two names of a person, at least one of which the client said.
fn names<'m>(
    members: &'m Map<String, Value>,
    is_said: &dyn Fn(&str) -> bool,
) -> Option<(&'m str, &'m str)> {
    let first = find(members, &["firstname", "givenname"])?;
    let last = find(members, &["lastname", "familyname", "surname"])?;
    if !is_said(first) && !is_said(last) {
        return None;
    }
    let text = |name: &str| members.get(name)?.as_str().filter(|text| !text.is_empty());
    Some((text(first)?, text(last)?))
}

/// The member of one of these names, where the client didn't say it.
fn made_up<'m>(
    members: &'m Map<String, Value>,
    names: &[&str],
    is_said: &dyn Fn(&str) -> bool,
) -> Option<&'m str> {
    find(members, names).filter(|name| !is_said(name))
}

/// The member of one of these names, written in whatever way.
fn find<'m>(members: &'m Map<String, Value>, names: &[&str]) -> Option<&'m str> {
    let is_named = |name: &&String| {
        let letters = name.chars().filter(char::is_ascii_alphanumeric);
        let plain = letters.collect::<String>().to_ascii_lowercase();
        names.contains(&plain.as_str())
    };
    members.keys().find(is_named).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_was_made_up_follows_what_was_said() {
        let followed = |whole: Value, said: Value| {
            let members = whole.as_object().expect("an object");
            let mut whole = members.clone();
            whole.extend(following(members, &|name| said.get(name).is_some()));
            Value::Object(whole)
        };
        let person = json!({"firstName": "Bo", "last_name": "O'Hara", "fullName": "Ann Lee",
                            "email": "ann.lee@example.com"});
        assert_eq!(
            followed(person.clone(), json!({"firstName": "Bo"})),
            json!({"firstName": "Bo", "last_name": "O'Hara", "fullName": "Bo O'Hara",
                   "email": "bo.ohara@example.com"})
        );
        let all = json!({"firstName": "Bo", "fullName": "B", "email": "b@example.com"});
        assert_eq!(followed(person.clone(), all), person);
        assert_eq!(followed(person.clone(), json!({})), person);
        let order = json!({"quantity": 3, "price": 2.35, "total": 99});
        assert_eq!(followed(order, json!({"price": 1}))["total"], 7.05);
        let order = json!({"quantity": i64::MAX, "unitPrice": 2, "total": 1, "tax": 0});
        assert_eq!(followed(order.clone(), json!({"quantity": 1})), order);
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
            let followed = following_on(&before, &after, &|name| change.get(name).is_some());
            Value::Object(followed.into_iter().collect())
        };
        assert_eq!(on(json!({"quantity": 4})), json!({"total": 10.0}));
        assert_eq!(on(json!({"quantity": 4, "total": 7.5})), json!({}));
        assert_eq!(on(json!({"firstName": "Bo"})), json!({}));
        assert_eq!(on(json!({"note": "x"})), json!({}));
    }
}
