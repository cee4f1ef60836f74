//! Comma-separated values (RFC 4180), or tab-separated ones, into the rows that a schema makes of them: objects by the
//! names in the first line, or lists. Either kind of line break ends a row.

use super::json::parse_json;
use super::media::Table;
use super::raw::{Form, Raw, item_shape, member_shape, typed};
use crate::spec::{ShapeId, Shapes};
use serde_json::{Map, Value};
use std::collections::HashSet;

/// How many rows and cells there may be.
const ROWS: usize = 100_000;
const CELLS: usize = 1_000_000;

/// Reads a text, or says what is wrong with it as a sentence's predicate. Nothing where the schema
/// isn't one of rows: then it is text like any other. `item` is the shape of a row, where it is
/// said beside the schema of the whole.
pub(super) fn read(
    text: &str,
    shapes: &Shapes,
    id: Option<ShapeId>,
    item: Option<ShapeId>,
    table: Table,
) -> Result<Option<Value>, String> {
    let form = Form::of_id(shapes, id);
    let is_row = form == Form::Object && item.is_none();
    if !is_row && form != Form::Array && item.is_none() {
        return Ok(None);
    }
    let row = match is_row {
        true => id,
        false => item.or_else(|| item_shape(shapes, id)),
    };
    let mut rows = rows(text, table)?.into_iter();
    let values: Vec<Value> = match Form::of_id(shapes, row) {
        Form::Array => {
            let typed_row = |cells: Vec<String>| {
                let cells = cells.into_iter().map(Raw::Text).collect();
                typed(Raw::List(cells), shapes, row)
            };
            rows.map(typed_row).collect()
        }
        Form::Object => {
            let names = match table.is_headless {
                true => row.map_or_else(Vec::new, |id| {
                    shapes.get(id).properties.keys().cloned().collect()
                }),
                false => rows.next().unwrap_or_default(),
            };
            let mut known = HashSet::new();
            if let Some(name) = names.iter().find(|name| !known.insert(name.as_str())) {
                return Err(format!("has two columns of the name `{name}`"));
            }
            let objects = rows.enumerate().map(|(index, cells)| {
                if cells.len() > names.len() {
                    let number = index + if table.is_headless { 1 } else { 2 };
                    return Err(format!(
                        "has more cells in row {number} than there are names"
                    ));
                }
                let cells = names.iter().zip(cells);
                let cells = cells.filter_map(|(name, text)| {
                    Some((name.clone(), cell(text, shapes, row, name)?))
                });
                Ok(Value::Object(cells.collect::<Map<_, _>>()))
            });
            objects.collect::<Result<_, _>>()?
        }
        _ => {
            let scalars = rows.map(|mut cells| match cells.len() {
                1 => Ok(typed(Raw::Text(cells.remove(0)), shapes, row)),
                count => Err(format!("has a row of {count} cells, where one may be")),
            });
            scalars.collect::<Result<_, _>>()?
        }
    };
    match (is_row, values.as_slice()) {
        (false, _) => Ok(Some(Value::Array(values))),
        (true, [only]) => Ok(Some(only.clone())),
        (true, several) => Err(format!("has {} rows, where one may be", several.len())),
    }
}

/// A cell of a column. An empty one is null where that may be, an empty text where there must be
/// one, and nothing otherwise. What is nested is JSON.
fn cell(text: String, shapes: &Shapes, row: Option<ShapeId>, name: &str) -> Option<Value> {
    let shape = member_shape(shapes, row, name);
    if text.is_empty() {
        let is_null = shape.is_some_and(|id| shapes.get(id).types.has("null"));
        let properties = row.map(|id| &shapes.get(id).properties);
        let property = properties.and_then(|properties| properties.get(name));
        let is_required = property.is_some_and(|property| property.required);
        return match is_null {
            true => Some(Value::Null),
            false => is_required.then(|| Value::String(text)),
        };
    }
    let is_nested = matches!(Form::of_id(shapes, shape), Form::Array | Form::Object);
    match parse_json(text.as_bytes()) {
        Ok(value) if is_nested => Some(value),
        _ => Some(typed(Raw::Text(text), shapes, shape)),
    }
}

fn rows(text: &str, table: Table) -> Result<Vec<Vec<String>>, String> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut count = 0;
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    while !rest.is_empty() {
        if rows.len() >= ROWS {
            return Err(format!("has more than {ROWS} rows"));
        }
        let mut row = Vec::new();
        let is_blank = rest.starts_with(['\r', '\n']);
        loop {
            count += 1;
            if count > CELLS {
                return Err(format!("has more than {CELLS} cells"));
            }
            let (cell, after) = one(rest, table).map_err(|fault| {
                let number = rows.len() + 1;
                format!("has a fault in row {number}: {fault}")
            })?;
            row.push(cell);
            match after.strip_prefix(table.separator) {
                Some(after) => rest = after,
                None => {
                    let after = after.strip_prefix('\r').unwrap_or(after);
                    rest = after.strip_prefix('\n').unwrap_or(after);
                    break;
                }
            }
            if rest.is_empty() {
                row.push(String::new());
                break;
            }
        }
        // A line without anything is no row.
        if !is_blank {
            rows.push(row);
        }
    }
    Ok(rows)
}

/// The cell at the start of a text, and what follows it.
fn one(text: &str, table: Table) -> Result<(String, &str), &'static str> {
    let Table {
        separator,
        is_quoted,
        ..
    } = table;
    let Some(quoted) = text.strip_prefix('"').filter(|_| is_quoted) else {
        let end = text.find([separator, '\r', '\n']).unwrap_or(text.len());
        let (cell, after) = text.split_at(end);
        return match is_quoted && cell.contains('"') {
            true => Err("a quotation mark stands in a cell that isn't quoted"),
            false => Ok((cell.to_owned(), after)),
        };
    };
    let mut cell = String::new();
    let mut rest = quoted;
    loop {
        let end = rest.find('"').ok_or("a quotation mark is never closed")?;
        cell.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(after) => {
                cell.push('"');
                rest = after;
            }
            None if rest.is_empty() || rest.starts_with([separator, '\r', '\n']) => {
                return Ok((cell, rest));
            }
            None => return Err("something follows a cell that is quoted"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const COMMAS: Table = Table {
        separator: ',',
        is_headless: false,
        is_quoted: true,
    };

    #[test]
    fn tables_may_have_tabs_and_no_names() {
        let schema = json!({"type": "array", "items": {"type": "object", "properties": {
            "n": {"type": "integer"}, "s": {"type": "string"}}}});
        let (shapes, id) = Shapes::of_schema(&schema);
        let tabs = Table {
            separator: '\t',
            is_quoted: false,
            ..COMMAS
        };
        let headless = Table {
            is_headless: true,
            ..COMMAS
        };
        for (table, text, value) in [
            (tabs, "n\ts\n1\t\"x\n", json!([{"n": 1, "s": "\"x"}])),
            (
                headless,
                "1,x\n2,y",
                json!([{"n": 1, "s": "x"}, {"n": 2, "s": "y"}]),
            ),
        ] {
            assert_eq!(read(text, &shapes, Some(id), None, table), Ok(Some(value)));
        }
        let long = read("1,x,y", &shapes, Some(id), None, headless);
        assert!(long.is_err_and(|why| why.contains("row 1")));
    }

    fn csv(schema: &Value, text: &str) -> Result<Option<Value>, String> {
        let (shapes, id) = Shapes::of_schema(schema);
        read(text, &shapes, Some(id), None, COMMAS)
    }

    #[test]
    fn rows_are_objects_of_their_columns() {
        let schema = json!({"type": "array", "items": {"type": "object", "required": ["s"], "properties": {
            "n": {"type": "integer"},
            "s": {"type": "string"},
            "o": {"type": ["boolean", "null"]},
            "l": {"type": "array", "items": {"type": "integer"}},
        }}});
        for (text, value) in [
            (
                "n,s,o,l,x\r\n1,\"a,\"\"b\"\"\r\n\",true,\"[1,2]\",y\r\n,,,,\r\n",
                json!([{"n": 1, "s": "a,\"b\"\r\n", "o": true, "l": [1, 2], "x": "y"}, {"s": "", "o": null}]),
            ),
            ("n,s\n1\n\n2,\" b\"", json!([{"n": 1}, {"n": 2, "s": " b"}])),
            ("s,o\n,", json!([{"s": "", "o": null}])),
            ("n,s", json!([])),
            ("", json!([])),
        ] {
            assert_eq!(csv(&schema, text), Ok(Some(value)), "{text}");
        }
        for text in ["n,n\n1,2", "n\n1,2", "n\n\"1", "n\na\"b\"", "n\n\"a\"b"] {
            assert!(csv(&schema, text).is_err(), "{text}");
        }
    }

    #[test]
    fn other_rows_are_lists_or_scalars_and_other_texts_none() {
        let lists =
            json!({"type": "array", "items": {"type": "array", "items": {"type": "integer"}}});
        assert_eq!(csv(&lists, "1,2\n3"), Ok(Some(json!([[1, 2], [3]]))));
        let scalars = json!({"type": "array", "items": {"type": "integer"}});
        assert_eq!(csv(&scalars, "1\r\n2\r\n"), Ok(Some(json!([1, 2]))));
        assert!(csv(&scalars, "1,2").is_err());
        let row = json!({"type": "object", "properties": {"a": {"type": "integer"}}});
        assert_eq!(csv(&row, "a\n1"), Ok(Some(json!({"a": 1}))));
        assert!(csv(&row, "a\n1\n2").is_err());
        assert_eq!(csv(&json!({"type": "string"}), "a,b"), Ok(None));
        let many = "1\n".repeat(ROWS + 1);
        assert!(csv(&scalars, &many).is_err());
    }
}
