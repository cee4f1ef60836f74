//! The style deepObject, also nested as clients send it: `name[a]=1&name[b][c]=2`,
//! `name[d][]=3&name[d][]=4`, `name[e][0][f]=5`. OpenAPI defines its first level alone
//! (3.1.1 §4.8.12.4); what lies below is read as the query libraries of most languages write it.

use super::query::{is_list_or_unsaid, repeated};
use super::raw::{Form, Raw, item_shape, member_shape};
use crate::spec::{ShapeId, Shapes};

/// How deep a deepObject may nest.
const DEPTH: usize = 32;

/// What stands in brackets below a name, as a tree.
pub(super) struct DeepObject<'n> {
    name: &'n str,
    root: Node,
}

/// What is written at one place. Which of it may be there is for the schema to say.
#[derive(Debug, Default)]
struct Node {
    /// Values without a key below.
    texts: Vec<String>,
    /// What is under a key, numbers too.
    members: Vec<(String, Node)>,
    /// What is under `[]`.
    items: Vec<Node>,
}

impl<'n> DeepObject<'n> {
    pub(super) fn new(name: &'n str) -> DeepObject<'n> {
        DeepObject {
            name,
            root: Node::default(),
        }
    }

    /// Takes in a pair of the query, where it is one of this name.
    pub(super) fn add(
        &mut self,
        key: &str,
        value: &str,
        decode: fn(&str) -> Result<String, String>,
    ) -> Result<(), String> {
        let Some(path) = key.strip_prefix(self.name) else {
            return Ok(());
        };
        if path.is_empty() {
            self.root.texts.push(decode(value)?);
            return Ok(());
        }
        let Some(path) = path.strip_prefix('[') else {
            return Ok(());
        };
        let path = path
            .strip_suffix(']')
            .ok_or_else(|| format!("`{key}` has brackets that don't pair"))?;
        let keys: Vec<&str> = path.split("][").collect();
        if keys.len() > DEPTH {
            return Err(format!("is nested deeper than {DEPTH} levels"));
        }
        self.root.put(&keys, decode(value)?);
        Ok(())
    }

    /// What all the pairs say; nothing where there was none.
    pub(super) fn into_raw(
        self,
        shapes: &Shapes,
        id: Option<ShapeId>,
    ) -> Result<Option<Raw>, String> {
        if self.root.is_empty() {
            return Ok(None);
        }
        let name = self.name;
        if Form::of_id(shapes, id) == Form::Object && !self.root.texts.is_empty() {
            return Err(format!("is an object, written {name}[property]=value"));
        }
        self.root.into_raw(name, shapes, id).map(Some)
    }
}

impl Node {
    fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.members.is_empty() && self.items.is_empty()
    }

    fn put(&mut self, keys: &[&str], text: String) {
        match keys {
            [] => self.texts.push(text),
            [""] => self.items.push(Node {
                texts: vec![text],
                ..Node::default()
            }),
            ["", rest @ ..] => {
                // `[][a]=1&[][b]=2&[][a]=3` are two items: a property given again starts one.
                if self.items.last().is_none_or(|last| last.has(rest)) {
                    self.items.push(Node::default());
                }
                if let Some(last) = self.items.last_mut() {
                    last.put(rest, text);
                }
            }
            [key, rest @ ..] => self.member(key).put(rest, text),
        }
    }

    fn member(&mut self, key: &str) -> &mut Node {
        let known = self.members.iter().position(|(name, _)| name == key);
        let index = known.unwrap_or_else(|| {
            self.members.push((key.to_owned(), Node::default()));
            self.members.len() - 1
        });
        &mut self.members[index].1
    }

    /// Whether there is a value of its own under these keys.
    fn has(&self, keys: &[&str]) -> bool {
        let mut node = self;
        for key in keys {
            match node.members.iter().find(|(name, _)| name == key) {
                Some((_, inner)) => node = inner,
                None => return false,
            }
        }
        !node.texts.is_empty()
    }

    fn into_raw(self, at: &str, shapes: &Shapes, id: Option<ShapeId>) -> Result<Raw, String> {
        let kinds = [
            self.texts.is_empty(),
            self.members.is_empty(),
            self.items.is_empty(),
        ];
        if kinds.iter().filter(|is_empty| !**is_empty).count() > 1 {
            return Err(format!(
                "`{at}` is given in more than one of the forms value, object and list"
            ));
        }
        if !self.items.is_empty() {
            let inner = item_shape(shapes, id);
            let at = format!("{at}[]");
            let items = self.items.into_iter();
            let items = items.map(|item| item.into_raw(&at, shapes, inner));
            return items.collect::<Result<_, _>>().map(Raw::List);
        }
        if self.members.is_empty() {
            return of_texts(self.texts, at, shapes, id);
        }
        let form = Form::of_id(shapes, id);
        let numbers: Option<Vec<u64>> = self.members.iter().map(|(k, _)| number(k)).collect();
        let is_list = form.may_be_list() || !form.may_be_object() && is_list_or_unsaid(shapes, id);
        match numbers {
            Some(numbers) if is_list => {
                // Only the order counts: a number far off makes no gap to be filled.
                let mut items: Vec<_> = numbers.into_iter().zip(self.members).collect();
                items.sort_by_key(|(number, _)| *number);
                let inner = item_shape(shapes, id);
                let items = items
                    .into_iter()
                    .map(|(_, (key, item))| item.into_raw(&format!("{at}[{key}]"), shapes, inner));
                items.collect::<Result<_, _>>().map(Raw::List)
            }
            _ => {
                let mut members = Vec::new();
                for (key, node) in self.members {
                    let inner = member_shape(shapes, id, &key);
                    let raw = node.into_raw(&format!("{at}[{key}]"), shapes, inner)?;
                    members.push((key, raw));
                }
                Ok(Raw::Members(members))
            }
        }
    }
}

fn of_texts(
    mut texts: Vec<String>,
    at: &str,
    shapes: &Shapes,
    id: Option<ShapeId>,
) -> Result<Raw, String> {
    let is_array = Form::of_id(shapes, id) == Form::Array;
    if texts.len() == 1 && !is_array {
        return Ok(Raw::Text(texts.remove(0)));
    }
    match is_array || is_list_or_unsaid(shapes, id) {
        true => Ok(Raw::List(texts.into_iter().map(Raw::Text).collect())),
        false => Err(format!("`{at}` {}", repeated(texts.len()))),
    }
}

fn number(key: &str) -> Option<u64> {
    let digits = key.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| key.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::query::Query;
    use crate::decode::raw::typed;
    use crate::decode::style::Written;
    use crate::spec::Style;
    use serde_json::{Value, json};

    fn read(schema: &Value, query: &str) -> Result<Value, String> {
        let (shapes, id) = Shapes::of_schema(schema);
        let id = Some(id);
        let written = Written {
            name: "f",
            style: Style::DeepObject,
            explode: true,
            allow_reserved: false,
        };
        let raw = Query::parse(query).read(written, &shapes, id, &|_| true)?;
        Ok(typed(raw.expect("a value"), &shapes, id))
    }

    #[test]
    fn nested_objects_and_lists_are_read_as_clients_send_them() {
        let point = json!({"type": "object", "properties": {"b": {"type": "integer"}, "c": {"type": "integer"}}});
        let schema = json!({"type": "object", "properties": {
            "a": {"type": "array", "items": point}, "o": point, "s": {"type": "string"}}});
        for (query, value) in [
            ("f[o][b]=1&f[o][c]=2", json!({"o": {"b": 1, "c": 2}})),
            (
                "f[a][0][b]=1&f[a][1][b]=2&f[a][0][c]=3",
                json!({"a": [{"b": 1, "c": 3}, {"b": 2}]}),
            ),
            (
                "f[a][][b]=1&f[a][][c]=2&f[a][][b]=3",
                json!({"a": [{"b": 1, "c": 2}, {"b": 3}]}),
            ),
            ("f[a][9999999999][b]=1", json!({"a": [{"b": 1}]})),
            ("f%5Bs%5D=x%5By", json!({"s": "x[y"})),
            ("f[s]=", json!({"s": ""})),
            ("f[x][y]=1&f[x][z]=2", json!({"x": {"y": "1", "z": "2"}})),
            ("f[x][0]=1&f[x][1]=2", json!({"x": ["1", "2"]})),
            ("f[x]=1&f[x]=2", json!({"x": ["1", "2"]})),
            ("f[a][k][b]=1", json!({"a": {"k": {"b": "1"}}})),
        ] {
            assert_eq!(read(&schema, query), Ok(value), "{query}");
        }
    }

    #[test]
    fn what_says_two_things_of_one_place_is_refused() {
        let schema = json!({"type": "object", "properties": {"s": {"type": "string"}}});
        let deep = format!("f{}=1", "[a]".repeat(33));
        for query in [
            "f[s]=1&f[s]=2",
            "f[x]=1&f[x][y]=2",
            "f[x][]=1&f[x][y]=2",
            "f[s=1",
            "f=1",
            "f[s]=%zz",
            &deep,
        ] {
            assert!(read(&schema, query).is_err(), "{query}");
        }
    }
}
