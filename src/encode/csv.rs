//! Comma-separated values (RFC 4180), or tab-separated ones: objects as rows below their names,
//! lists as rows.

use super::text::scalar;
use super::{Layout, Unencodable};
use crate::decode::{Table, item_shape};
use indexmap::IndexSet;
use serde_json::Value;
use std::borrow::Cow;

///
/// # Errors
/// Where a cell has what stands between cells or rows, and there are no quotation marks for it.
pub(super) fn write(value: &Value, how: &Layout<'_>, table: Table) -> Result<String, Unencodable> {
    let rows = match value {
        Value::String(text) => return Ok(text.clone()),
        Value::Array(rows) => rows.as_slice(),
        Value::Object(_) => std::slice::from_ref(value),
        // No table at all.
        value => return Ok(scalar(value).into_owned()),
    };
    let shape = how.item_shape.or_else(|| item_shape(how.shapes, how.shape));
    let shape = match value {
        Value::Object(_) => how.shape,
        _ => shape,
    };
    let mut names: IndexSet<&str> = IndexSet::new();
    let is_named = rows.iter().any(Value::is_object) || rows.is_empty();
    let known = shape.map(|id| &how.shapes.get(id).properties);
    let is_there = |name: &str| rows.is_empty() || rows.iter().any(|row| row.get(name).is_some());
    for name in known
        .into_iter()
        .flat_map(|known| known.keys())
        .filter(|_| is_named)
    {
        if is_there(name) {
            names.insert(name);
        }
    }
    let members = rows.iter().filter_map(Value::as_object);
    names.extend(members.flat_map(|row| row.keys()).map(String::as_str));
    let mut out = String::new();
    if is_named && !names.is_empty() {
        let names = names.iter().map(|name| Cow::Borrowed(*name));
        if !table.is_headless {
            line(names, table, &mut out)?;
        }
    }
    for row in rows {
        match row {
            Value::Object(members) => {
                let cells = names.iter().map(|name| members.get(*name));
                let cells = cells.map(|value| value.map_or(Cow::Borrowed(""), scalar));
                line(cells, table, &mut out)?;
            }
            Value::Array(items) => line(items.iter().map(scalar), table, &mut out)?,
            value => line(std::iter::once(scalar(value)), table, &mut out)?,
        }
    }
    Ok(out)
}

/// Quoted where it would be taken for more than one cell, or for none.
fn cell(text: Cow<'_, str>, table: Table) -> Result<Cow<'_, str>, Unencodable> {
    let breaks = text.contains([table.separator, '\r', '\n']);
    if !table.is_quoted {
        return match breaks {
            true => Err(Unencodable(format!("no cell can have {text:?}"))),
            false => Ok(text),
        };
    }
    Ok(match breaks || text.contains('"') || text.trim() != text {
        false => text,
        true => format!("\"{}\"", text.replace('"', "\"\"")).into(),
    })
}

fn line<'c>(
    cells: impl Iterator<Item = Cow<'c, str>>,
    table: Table,
    out: &mut String,
) -> Result<(), Unencodable> {
    let cells: Result<Vec<_>, _> = cells.map(|text| cell(text, table)).collect();
    let line = cells?.join(table.separator.encode_utf8(&mut [0; 4]));
    // An empty line is no row to most readers.
    let is_blank = line.is_empty() && table.is_quoted;
    out.push_str(if is_blank { "\"\"" } else { &line });
    out.push_str("\r\n");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Shapes;
    use crate::wire::MediaType;
    use serde_json::json;

    #[test]
    fn rows_stand_below_the_names_of_their_columns() {
        let schema = json!({"type": "array", "items": {"properties": {
            "id": {"type": "integer"}, "name": {"type": "string"}, "unused": {}}}});
        let (shapes, id) = Shapes::of_schema(&schema);
        let media_type = MediaType::parse("text/csv").expect("a media type");
        let commas = Table::of(&media_type, ',');
        let how = Layout {
            media_type: &media_type,
            shape: Some(id),
            item_shape: None,
            encoding: &[],
            shapes: &shapes,
            is_example: false,
        };
        for (value, text) in [
            (
                json!([{"name": "a,\"b\"\r\n", "id": 1, "x": {"y": [1]}}, {"id": 2, "name": null}]),
                "id,name,x\r\n1,\"a,\"\"b\"\"\r\n\",\"{\"\"y\"\":[1]}\"\r\n2,,\r\n",
            ),
            (
                json!([[1, " a", true], [null]]),
                "1,\" a\",true\r\n\"\"\r\n",
            ),
            (json!(["a", "b"]), "a\r\nb\r\n"),
            (json!([]), "id,name,unused\r\n"),
            (json!({"z": 1}), "z\r\n1\r\n"),
            (json!("a,b\n"), "a,b\n"),
        ] {
            assert_eq!(write(&value, &how, commas).as_deref(), Ok(text));
        }
        let tabs = Table::of(
            &MediaType::parse("text/tab-separated-values").expect("one"),
            '\t',
        );
        let row = json!({"a": "x,y", "b": "\"x"});
        assert_eq!(
            write(&row, &how, tabs).as_deref(),
            Ok("a\tb\r\nx,y\t\"x\r\n")
        );
        assert!(write(&json!({"a": "x\ty"}), &how, tabs).is_err());
        let headless = Table {
            is_headless: true,
            ..commas
        };
        assert_eq!(
            write(&row, &how, headless).as_deref(),
            Ok("\"x,y\",\"\"\"x\"\r\n")
        );
    }
}
