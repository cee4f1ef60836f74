//! What was made up beside what a client said, and is told of by a figure or within a text: a tax,
//! how many there are of all, the address of a picture.

use super::called::{letters, of_role};
use super::name::is_called;
use crate::sample::{Role, figure_of_lists, role};
use serde_json::{Map, Value, json};

/// Texts that somebody who is called otherwise now is told of in: an `avatarUrl`.
pub(super) fn in_texts(
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    is_said: &dyn Fn(&str) -> bool,
) -> Vec<(String, Value)> {
    let (Some(was), Some(is)) = (login(before), login(after)) else {
        return Vec::new();
    };
    if was == is {
        return Vec::new();
    }
    let urls = after.iter().filter(|(name, _)| !is_said(name));
    let told = urls.filter_map(|(name, value)| {
        let url = value.as_str().filter(|url| url.contains("://"))?;
        let told = url.replace(&was, &is);
        (told != *url).then(|| (name.clone(), told.into()))
    });
    told.collect()
}

/// By what somebody is known in an address, by their names: `jane.roe`.
fn login(members: &Map<String, Value>) -> Option<String> {
    let text = |wanted: Role| members.get(of_role(members, wanted)?)?.as_str();
    let names = text(Role::FirstName).zip(text(Role::LastName));
    let names = names.map(|(first, last)| (letters(first), letters(last)));
    let names = names.filter(|(first, last)| !first.is_empty() && !last.is_empty());
    names.map(|(first, last)| format!("{first}.{last}"))
}

/// The name of a thing with its owner's before it, where the client says what it is called.
pub(super) fn owned(
    members: &Map<String, Value>,
    is_said: &dyn Fn(&str) -> bool,
) -> Option<(String, Value)> {
    let name = members.get("name").filter(|_| is_said("name"))?.as_str()?;
    let mut texts = members.iter().filter(|(own, _)| !is_said(own));
    let (whole, owner) = texts.find_map(|(own, value)| {
        let (owner, _) = value.as_str()?.split_once('/')?;
        is_called(own, "fullname").then_some((own, owner))
    })?;
    let owner = members.get("owner").map_or(Some(owner), |owner| {
        let names = ["login", "username", "name"].iter();
        let mut names = names.filter_map(|name| owner.get(*name)?.as_str());
        owner.as_str().or_else(|| names.next())
    })?;
    let is_plain = !name.contains(char::is_whitespace) && !owner.contains(char::is_whitespace);
    is_plain.then(|| (whole.clone(), format!("{owner}/{name}").into()))
}

/// Figures of the rows that a client sent: the `totalQuantity` of a cart.
pub(super) fn counted_in_rows(
    members: &Map<String, Value>,
    is_said: &dyn Fn(&str) -> bool,
) -> Vec<(String, Value)> {
    let is_sent = |(name, value): (&String, &Value)| value.is_array() && is_said(name);
    if !members.iter().any(is_sent) {
        return Vec::new();
    }
    let figures = members
        .iter()
        .filter(|(name, value)| value.is_number() && !is_said(name) && role(name).is_none());
    let figures = figures.filter_map(|(name, value)| {
        let figure = figure_of_lists(name, members).filter(|figure| figure != value)?;
        Some((name.clone(), figure))
    });
    figures.collect()
}

/// The tax on another sum than before, at the rate that it was, which nothing tells.
pub(super) fn taxed(
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    is_told: &dyn Fn(&str) -> bool,
) -> Option<(String, Value)> {
    let (tax, subtotal) = (of_role(after, Role::Tax)?, of_role(after, Role::Subtotal)?);
    let of = |members: &Map<String, Value>, name: &str| members.get(name)?.as_f64();
    let (was, base) = (of(before, subtotal)?, of(after, subtotal)?);
    let own = of(before, tax)?;
    let is_free = !is_told(tax) && is_told(subtotal) && of_role(after, Role::Rate).is_none();
    if !is_free || was <= 0.0 || base < 0.0 || was == base || own > was {
        return None;
    }
    let rate = (own / was * 1000.0).round() / 1000.0;
    let cents = (base * rate * 100.0).round();
    let value = match after.get(tax)?.is_f64() || cents % 100.0 != 0.0 {
        true => json!(cents / 100.0),
        false => json!((cents / 100.0) as i64),
    };
    Some((tax.to_owned(), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_of_what_a_client_said_follows() {
        let object = |value: Value| value.as_object().cloned().expect("an object");
        let is_said = |name: &str| matches!(name, "name" | "lines");
        let repo =
            object(json!({"name": "tools", "full_name": "acme/x", "owner": {"login": "bo"}}));
        let whole = ("full_name".to_owned(), json!("bo/tools"));
        assert_eq!(owned(&repo, &is_said), Some(whole));
        let cart = object(json!({"lines": [{"quantity": 2}, {"quantity": 3}], "totalQuantity": 9}));
        let count = ("totalQuantity".to_owned(), json!(5));
        assert_eq!(counted_in_rows(&cart, &is_said), [count]);
        let before = object(json!({"subtotal": 20, "tax": 2, "firstName": "Al", "lastName": "Li"}));
        let after = object(
            json!({"subtotal": 30.5, "tax": 2, "firstName": "Bo", "lastName": "Li",
                                  "avatarUrl": "https://x.example/al.li.png"}),
        );
        let tax = ("tax".to_owned(), json!(3.05));
        let is_told = |name: &str| name == "subtotal";
        assert_eq!(taxed(&before, &after, &is_told), Some(tax));
        let url = ("avatarUrl".to_owned(), json!("https://x.example/bo.li.png"));
        assert_eq!(in_texts(&before, &after, &is_said), [url]);
    }
}
