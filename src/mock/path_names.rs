//! What a path's parameters are called in what is shown: `id` of `/users/{id}/orders` is the `userId`
//! of an order, `owner` and `repo` of `/repos/{owner}/{repo}` are its `owner.login` and its `name`.

use super::echo::meant;
use super::name::{IDS, is_called, plain, words};
use super::standin::forms;
use crate::sample::{lists_alike, singular};
use crate::spec::{Shape, ShapeId, Shapes};
use serde_json::{Map, Value};

/// A path parameter, with what bodies may call it. Names are letters and digits in lower case.
#[derive(Debug, Clone)]
pub struct PathName {
    /// Its name in the path.
    pub parameter: String,
    /// What else a property is called that has its value: `userid`.
    flat: Vec<String>,
    /// What a property is called that is, or tells of, what it names: `user`.
    holders: Vec<String>,
    /// What such a property has its value in: `id`.
    within: Vec<String>,
    /// Whether a holder that is a text or a number has its value.
    is_id: bool,
    /// Whether an item that the path ends in is called by it.
    pub names_item: bool,
    /// The parameters that name an item together, of which this is the last.
    together: Vec<String>,
    /// Whether the path leads on to more of the same, which have names of their own: from one of the
    /// users to its followers.
    pub leads_to_alike: bool,
}

/// Properties that hold an id.
const OF_ID: [&str; 3] = ["id", "uuid", "key"];
/// Properties that hold a name by which something is known.
const OF_NAME: [&str; 7] = ["login", "username", "slug", "handle", "code", "name", "id"];
/// Properties that say all by which something is known.
const WHOLE: [&str; 2] = ["fullname", "namewithowner"];

impl PathName {
    /// Those of a path, by its segments: literals, and the names of parameters.
    pub fn of(segments: &[Result<&str, &str>]) -> Vec<PathName> {
        let mut all = Vec::new();
        let mut literal = "";
        let mut together: Vec<String> = Vec::new();
        for (number, segment) in segments.iter().enumerate() {
            match segment {
                Ok(text) => {
                    literal = text;
                    together.clear();
                }
                Err(name) => {
                    together.push((*name).to_owned());
                    let is_last = !matches!(segments.get(number + 1), Some(Err(_)));
                    let of = Some(literal).filter(|of| is_last && !of.is_empty());
                    let ends = segments.last().and_then(|last| last.ok());
                    let list = ends.filter(|_| number + 1 < segments.len());
                    let is_alike = |list: &str| lists_alike(of.unwrap_or_default(), list);
                    let mut name = PathName::new(name, of);
                    name.leads_to_alike = list.is_some_and(is_alike);
                    if is_last && together.len() > 1 {
                        name.together.clone_from(&together);
                    }
                    all.push(name);
                }
            }
        }
        all
    }

    fn new(parameter: &str, of: Option<&str>) -> PathName {
        let whole = plain(parameter);
        let words = words(parameter);
        let last = words.last().cloned().unwrap_or_default();
        let one = of.map(|of| plain(&one(of)));
        let is_id = IDS.contains(&last.as_str()) || one.as_ref() == Some(&whole);
        let bare = match words.len() > 1 && IDS.contains(&last.as_str()) {
            true => words[..words.len() - 1].concat(),
            false => whole.clone(),
        };
        let mut flat = Vec::new();
        let mut holders = vec![bare];
        if let Some(one) = one {
            flat.push(format!("{one}{whole}"));
            if is_id {
                flat.push(format!("{one}id"));
            }
            holders.push(one);
        }
        holders.retain(|holder| !IDS.contains(&holder.as_str()));
        let usual: &[&str] = match is_id && IDS.contains(&last.as_str()) {
            true => &OF_ID,
            false => &OF_NAME,
        };
        let usual = usual.iter().map(|name| (*name).to_owned());
        PathName {
            parameter: parameter.to_owned(),
            flat,
            holders,
            names_item: is_id || OF_NAME.contains(&last.as_str()),
            within: [whole, last].into_iter().chain(usual).collect(),
            is_id,
            together: Vec::new(),
            leads_to_alike: false,
        }
    }

    /// Whether the rows of the list that the path leads to have another value of the same name.
    pub fn is_own_of_rows(&self) -> bool {
        self.leads_to_alike && OF_NAME.iter().any(|name| is_called(&self.parameter, name))
    }

    /// Whether a property of this name holds what the parameter names.
    pub fn is_holder(&self, name: &str) -> bool {
        self.holders.iter().any(|holder| is_called(name, holder))
    }

    /// Where an item of a shape says what this does, beside a property of the parameter's own name: by
    /// the names of properties that lead there. Where it `is_own`, the item is what the parameter names.
    pub fn said_in<'s>(
        &self,
        shapes: &'s Shapes,
        item: ShapeId,
        value: &Value,
        is_own: bool,
    ) -> Vec<(Vec<&'s str>, Value)> {
        let shape = shapes.get(item);
        let mut said = Vec::new();
        for (name, property) in &shape.properties {
            let inner = shapes.get(shapes.of_property(property));
            let is_flat = self.flat.iter().any(|flat| is_called(name, flat));
            let is_holder = self.is_holder(name);
            if is_flat {
                said.extend(form(inner, value).map(|value| (vec![name.as_str()], value)));
            } else if is_holder && !is_own {
                let within = self.within(shapes, inner, value);
                let within = within.map(|(key, value)| (vec![name.as_str(), key], value));
                let is_plain = self.is_id && inner.properties.is_empty();
                let plain = || form(inner, value).filter(|_| is_plain);
                let plain = || Some((vec![name.as_str()], plain()?));
                said.extend(within.or_else(plain));
            }
        }
        said
    }

    /// The property of an object that has the parameter's value, where the parameter names that; with
    /// the value.
    pub fn within<'s>(
        &self,
        shapes: &'s Shapes,
        of: &'s Shape,
        value: &Value,
    ) -> Option<(&'s str, Value)> {
        self.within.iter().find_map(|wanted| {
            let mut properties = of.properties.iter();
            properties.find_map(|(name, property)| {
                let inner = shapes.get(shapes.of_property(property));
                let form = form(inner, value).filter(|_| is_called(name, wanted))?;
                Some((name.as_str(), form))
            })
        })
    }

    /// What an item is called whole that several parameters name together, and the property that
    /// says so: `acme/tools`.
    pub fn whole<'n>(
        &self,
        path: &Map<String, Value>,
        item: &'n Map<String, Value>,
    ) -> Option<(&'n str, String)> {
        if self.together.is_empty() {
            return None;
        }
        let (name, _) = item.iter().find(|(name, value)| {
            let is_joined = value
                .as_str()
                .is_some_and(|text| text.matches('/').count() == 1);
            is_joined && WHOLE.iter().any(|whole| is_called(name, whole))
        })?;
        let parts = self.together.iter().map(|name| path.get(name)?.as_str());
        let parts: Option<Vec<&str>> = parts.collect();
        Some((name, parts?.join("/")))
    }
}

/// What an object around a list says of the path, by its parameters' own names or by what these are
/// of.
pub fn said_around(
    names: &[PathName],
    shapes: &Shapes,
    around: ShapeId,
    path: &Map<String, Value>,
) -> Vec<(String, Value)> {
    let shape = shapes.get(around);
    let said = names.iter().flat_map(|name| {
        let value = path.get(&name.parameter);
        let own = || {
            let property = meant(shape, &name.parameter)?;
            let inner = shapes.get(shapes.of_property(shape.properties.get(property)?));
            Some((property.to_owned(), form(inner, value?)?))
        };
        let is_own_id = OF_ID.contains(&name.parameter.as_str());
        let own = own().filter(|_| !is_own_id);
        let others = value.map(|value| name.said_in(shapes, around, value, false));
        let others = others.unwrap_or_default().into_iter();
        let flat = others.filter_map(|(place, value)| match place.as_slice() {
            [property] => Some(((*property).to_owned(), value)),
            _ => None,
        });
        own.into_iter().chain(flat).collect::<Vec<_>>()
    });
    said.collect()
}

/// A value, or what it is as a number or a text, as a schema's types take it in.
fn form(shape: &Shape, value: &Value) -> Option<Value> {
    let types = shape.types;
    let counts = types.has("integer") || types.has("number");
    if types.is_unsaid() {
        return shape.properties.is_empty().then(|| value.clone());
    }
    let mut forms = forms(value).into_iter();
    forms.find(|form| match form {
        Value::String(_) => types.has("string"),
        Value::Number(_) => counts,
        _ => false,
    })
}

/// What one is called of what a path's literal names: `user-account` of `user-accounts`.
fn one(literal: &str) -> String {
    let at = literal.rfind(|c: char| !c.is_alphanumeric());
    let (lead, last) = literal.split_at(at.map_or(0, |at| at + 1));
    format!("{lead}{}", singular(last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Where an item with these properties says what the parameters of a path do.
    fn said(segments: &[Result<&str, &str>], properties: Value) -> Vec<String> {
        let (shapes, id) = Shapes::of_schema(&json!({"properties": properties}));
        let names = PathName::of(segments);
        let said = names.iter().flat_map(|name| {
            let said = name.said_in(&shapes, id, &json!(7), false).into_iter();
            said.map(|(place, value)| format!("{} {value}", place.join(".")))
        });
        said.collect()
    }

    #[test]
    fn an_id_is_found_by_what_it_is_the_id_of() {
        let text = json!({"type": "string"});
        let number = json!({"type": "integer"});
        let user = json!({"type": "object", "properties": {"id": number, "name": text}});
        let orders = [Ok("users"), Err("id"), Ok("orders")];
        let all =
            json!({"id": number, "userId": number, "user_id": text, "user": user, "owner": user});
        assert_eq!(
            said(&orders, all.clone()),
            ["userId 7", "user_id \"7\"", "user.id 7"]
        );
        let orders = [Ok("people"), Err("userId"), Ok("orders")];
        assert_eq!(said(&orders, all), ["user.id 7"]);
        let rows = [Ok("line-items"), Err("id"), Ok("notes")];
        assert_eq!(
            said(&rows, json!({"lineItemId": number, "line_item": text})),
            ["lineItemId 7", "line_item \"7\""]
        );
        // A name is no id, and what takes neither text nor number says none.
        let named = [Ok("users"), Err("name"), Ok("orders")];
        assert_eq!(
            said(&named, json!({"userId": number, "user": number})),
            [""; 0]
        );
        let flag = json!({"type": "boolean"});
        assert_eq!(
            said(&[Ok("users"), Err("id"), Ok("x")], json!({"userId": flag})),
            [""; 0]
        );
    }

    #[test]
    fn several_parameters_name_an_item_together() {
        let names = PathName::of(&[Ok("repos"), Err("owner"), Err("repo")]);
        let path = json!({"owner": "acme", "repo": "tools"});
        let path = path.as_object().expect("an object");
        let whole = |item: Value| {
            let item = item.as_object().expect("an object").clone();
            let found = names[1].whole(path, &item);
            found.map(|(name, text)| format!("{name} {text}"))
        };
        assert_eq!(
            whole(json!({"full_name": "a/b"})).as_deref(),
            Some("full_name acme/tools")
        );
        assert_eq!(whole(json!({"full_name": "Ann Lee"})), None);
        assert!(names[0].together.is_empty());
    }
}
