//! What is written, and that it is read back as the same.

use super::*;
use crate::decode::{Offer, ParameterReader, Payload, decode_body};
use crate::spec::{Encoding, Header, Location, Parameter, ShapeId, Shapes, Style};
use crate::wire::{MediaType, Method, Request, header};
use serde_json::{Value, json};

const FORM: &str = "application/x-www-form-urlencoded";
const PARTS: &str = "multipart/form-data";

/// What a document says of a body.
struct Said {
    media_type: &'static str,
    shapes: Shapes,
    shape: ShapeId,
    encoding: Vec<(String, Encoding)>,
    is_example: bool,
}

fn said(media_type: &'static str, schema: Value) -> Said {
    let (shapes, shape) = Shapes::of_schema(&schema);
    Said {
        media_type,
        shapes,
        shape,
        encoding: Vec::new(),
        is_example: false,
    }
}

impl Said {
    fn encoding(mut self, name: &str, encoding: Encoding) -> Said {
        self.encoding.push((name.to_owned(), encoding));
        self
    }

    fn example(mut self) -> Said {
        self.is_example = true;
        self
    }

    fn write(&self, value: &Value) -> Result<Encoded, Unencodable> {
        let media_type = MediaType::parse(self.media_type).expect("a media type");
        let layout = Layout {
            media_type: &media_type,
            shape: Some(self.shape),
            item_shape: None,
            encoding: &self.encoding,
            shapes: &self.shapes,
            is_example: self.is_example,
        };
        encode_body(value, &layout)
    }

    fn text(&self, value: &Value) -> String {
        let encoded = self.write(value).expect("a body");
        String::from_utf8(encoded.body.to_vec()).expect("UTF-8")
    }

    /// The value as it is read from what is written.
    fn back(&self, value: &Value) -> Result<Value, String> {
        let encoded = self.write(value).map_err(|error| error.to_string())?;
        let request = Request::new(Method::POST, "/")
            .with_header(header::CONTENT_TYPE, &encoded.content_type)
            .with_body(encoded.body);
        let media_type = MediaType::parse(self.media_type).expect("a media type");
        let offer = Offer {
            media_type: &media_type,
            shape: Some(self.shape),
            item_shape: None,
            encoding: &self.encoding,
        };
        let body = decode_body(&request, false, [offer].into_iter(), &self.shapes);
        let body = body.map_err(|fault| format!("{fault:?}"))?;
        assert_eq!(body.breaches, [], "{value}");
        match body.payload {
            Payload::Value(_, value) => Ok(value),
            other => Err(format!("{other:?}")),
        }
    }
}

/// Texts that are hard to put anywhere.
fn hostile() -> Vec<String> {
    let mut texts = [
        "a b+c%20&d=e;f,g|h",
        "]]> <!-- & --> <![CDATA[ \"'",
        "line\nline\r\nline\rline\t\u{b}",
        " space around ",
        "é 日本 \u{1f600} \u{202e}",
        "--counterpart\r\n--counterpart--\r\n",
        "\\ \\\\ \"quoted\" %22",
        "null",
        "1",
        "_x0041_",
    ]
    .map(str::to_owned)
    .to_vec();
    texts.push("long ".repeat(20_000));
    texts
}

fn object() -> Value {
    json!({"type": "object", "properties": {
        "text": {"type": "string"},
        "n": {"type": "number"},
        "flag": {"type": "boolean"},
        "list": {"type": "array", "items": {"type": "string"}},
        "inner": {"type": "object", "properties": {
            "a": {"type": "integer"}, "b": {"type": "array", "items": {"type": "integer"}}}},
    }})
}

#[test]
fn every_text_comes_back_from_every_media_type() {
    for media_type in [
        "application/json",
        "application/problem+json; charset=iso-8859-1",
        "application/json; charset=utf-16",
        FORM,
        PARTS,
        "multipart/mixed",
    ] {
        let said = said(media_type, object());
        for text in hostile() {
            let value = json!({"text": text, "n": 12345678901234567890_u64, "flag": false,
                "list": [text, "x"], "inner": {"a": 1, "b": [1, 2]}});
            assert_eq!(said.back(&value), Ok(value), "{media_type}");
        }
    }
    for media_type in ["application/xml", "application/xml; charset=utf-16le"] {
        let said = said(media_type, object());
        for text in hostile() {
            let value = json!({"text": text, "n": 1.5, "flag": true, "list": [text, "x"],
                "inner": {"a": 1, "b": [1]}});
            let text = text.replace('\u{b}', "\u{fffd}");
            let read = json!({"text": text, "n": 1.5, "flag": true, "list": [text, "x"],
                "inner": {"a": 1, "b": [1]}});
            assert_eq!(said.back(&value), Ok(read), "{media_type}");
        }
    }
    for media_type in ["application/x-ndjson", "application/json-seq"] {
        let said = said(media_type, json!({"type": "array", "items": object()}));
        for text in hostile() {
            let value = json!([{"text": text}, {"list": [text]}]);
            assert_eq!(said.back(&value), Ok(value), "{media_type}");
        }
    }
    let said = said("text/plain", json!({"type": "string"}));
    for text in hostile() {
        assert_eq!(said.back(&json!(text)), Ok(json!(text)));
    }
}

#[test]
fn names_come_back_too() {
    for media_type in [FORM, PARTS, "application/xml"] {
        let said = said(
            media_type,
            json!({"type": "object", "additionalProperties": {"type": "string"}}),
        );
        for text in hostile().into_iter().filter(|text| text.len() < 1_000) {
            // Browsers' escapes leave open what was one before.
            let text = text.replace('\u{b}', "").replace("%22", "");
            let value = json!({text: "x", "1": "y", "a:b": "z"});
            assert_eq!(said.back(&value), Ok(value), "{media_type}");
        }
    }
}

#[test]
fn events_come_back_but_for_their_kind_of_line_break() {
    let said = said("text/event-stream", json!({"type": "array", "items": {}}));
    for text in hostile() {
        let lines = text.replace("\r\n", "\n").replace('\r', "\n");
        let line = lines.replace('\n', " ");
        let value = json!([{"event": text, "data": text, "id": text, "retry": 5}]);
        let read = json!([{"event": line, "data": lines, "id": line, "retry": 5}]);
        assert_eq!(said.back(&value), Ok(read));
    }
}

#[test]
fn events_of_other_schemas_are_their_data() {
    let said = said(
        "text/event-stream",
        json!({"type": "array", "items": object()}),
    );
    let value = json!([{"text": "a\nb", "n": 1}, {"list": []}]);
    assert_eq!(
        said.text(&value),
        "data: {\"text\":\"a\\nb\",\"n\":1}\n\ndata: {\"list\":[]}\n\n"
    );
    assert_eq!(said.back(&value), Ok(value));
}

#[test]
fn rows_of_csv_come_back() {
    let said = said("text/csv", json!({"type": "array", "items": object()}));
    for text in hostile() {
        let value = json!([{"text": text, "n": 1.5, "list": [text]}, {"text": "x", "flag": true, "inner": {"a": 1}}]);
        assert_eq!(said.back(&value), Ok(value));
    }
}

#[test]
fn xml_is_written_by_the_xml_objects_of_its_schema() {
    let schema = json!({"type": "object", "xml": {"name": "pet", "prefix": "p", "namespace": "urn:p?a&b"}, "properties": {
        "id": {"type": "integer", "xml": {"attribute": true}},
        "kind": {"type": "string", "xml": {"attribute": true, "namespace": "urn:k", "prefix": "k"}},
        "name": {"type": "string", "xml": {"name": "label"}},
        "tags": {"type": "array", "items": {"type": "string", "xml": {"name": "tag"}}, "xml": {"name": "tags", "wrapped": true}},
        "photos": {"type": "array", "items": {"type": "string", "xml": {"name": "photo"}}},
        "grid": {"type": "array", "items": {"type": "array", "items": {"type": "integer"}}},
        "owner": {"type": "object", "xml": {"namespace": "urn:o"}, "properties": {"n": {"type": ["integer", "null"]}}},
        "old": {"type": ["string", "null"], "xml": {"attribute": true}},
    }});
    let said = said("application/xml", schema);
    let value = json!({"id": 1, "kind": "<\"&\n>", "name": "a & b", "tags": ["x", ""], "photos": ["u", "v"],
        "grid": [[1, 2], []], "owner": {"n": null}, "old": null});
    assert_eq!(
        said.text(&value),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<p:pet \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:p=\"urn:p?a&amp;b\" id=\"1\" \
         xmlns:k=\"urn:k\" k:kind=\"&lt;&quot;&amp;&#10;&gt;\"><label>a &amp; b</label>\
         <tags><tag>x</tag><tag/></tags><photo>u</photo><photo>v</photo>\
         <grid><grid>1</grid><grid>2</grid></grid><grid></grid>\
         <owner xmlns=\"urn:o\"><n xsi:nil=\"true\"/></owner></p:pet>\n"
    );
    assert_eq!(said.back(&value), Ok(value));
}

#[test]
fn what_nothing_names_has_a_sensible_name_in_xml() {
    let list = said(
        "text/xml",
        json!({"type": "array", "items": {"type": "integer"}}),
    );
    assert!(
        list.text(&json!([1]))
            .ends_with("<items><item>1</item></items>\n")
    );
    let pets = said(
        "application/xml",
        json!({"type": "array", "items": {"$ref": "#/components/schemas/Pet"},
        "components": {"schemas": {"Pet": {"type": "object"}}}}),
    );
    assert!(pets.text(&json!([{}])).ends_with("<items><Pet/></items>\n"));
    let pet = said(
        "application/xml",
        json!({"$ref": "#/components/schemas/Pet",
        "components": {"schemas": {"Pet": {"type": "object"}}}}),
    );
    assert!(
        pet.text(&json!({"a b": [1, null]}))
            .ends_with("<a_x0020_b>1</a_x0020_b><a_x0020_b xsi:nil=\"true\"/></Pet>\n")
    );
    let free = said("application/xml", json!({}));
    assert!(
        free.text(&json!("x\u{0}"))
            .ends_with("<root>x\u{fffd}</root>\n")
    );
}

#[test]
fn text_and_cdata_stand_beside_attributes() {
    let schema = json!({"type": "object", "properties": {
        "unit": {"type": "string", "xml": {"nodeType": "attribute"}},
        "text": {"type": "string", "xml": {"nodeType": "cdata"}}}});
    let said = said("application/xml", schema);
    for text in ["a]]>b", "\r\n", " <x> ", "]]>]]>"] {
        let value = json!({"unit": "m", "text": text});
        assert_eq!(said.back(&value), Ok(value));
    }
    let text = said.text(&json!({"text": "a]]>b"}));
    assert!(
        text.ends_with("<root><![CDATA[a]]]]><![CDATA[>b]]></root>\n"),
        "{text}"
    );
}

#[test]
fn what_has_no_node_of_its_own_lies_in_what_is_around_it() {
    let inner = json!({"type": "object", "xml": {"nodeType": "none"}, "properties": {
        "i": {"type": "integer"}, "a": {"type": "integer", "xml": {"nodeType": "attribute"}},
    }});
    let schema = json!({"type": "object", "properties": {"o": inner, "s": {"type": "string"}}});
    let said = said("application/xml", schema);
    let value = json!({"o": {"i": 4, "a": 5}, "s": "x"});
    let text = said.text(&value);
    assert!(
        text.ends_with("<root a=\"5\"><i>4</i><s>x</s></root>\n"),
        "{text}"
    );
    assert_eq!(said.back(&value), Ok(value));
}

#[test]
fn a_list_of_nothing_that_must_be_there_is_one() {
    let schema = json!({"type": "object", "required": ["l"], "properties": {
        "l": {"type": "array", "items": {"type": "integer"}}, "s": {"type": "string"}}});
    let said = said("application/xml", schema);
    let value = json!({"l": [], "s": "x"});
    assert_eq!(said.back(&value), Ok(value));
}

#[test]
fn xml_that_is_an_example_is_sent_as_it_is() {
    let said = said("application/xml", object()).example();
    assert_eq!(said.text(&json!("<a>1</a>")), "<a>1</a>");
    assert!(
        said.text(&json!("no < xml"))
            .ends_with("<root>no &lt; xml</root>\n")
    );
}

#[test]
fn what_is_nested_too_deep_for_xml_is_refused() {
    let mut value = json!(1);
    for _ in 0..120 {
        value = json!({"a": value});
    }
    let said = said("application/xml", json!({}));
    assert!(said.write(&value).is_ok());
    for _ in 0..10 {
        value = json!({"a": value});
    }
    assert!(said.write(&value).is_err());
}

#[test]
fn forms_are_written_as_their_encoding_says() {
    let value =
        json!({"text": "a b+é", "n": null, "list": ["1,2", "3"], "inner": {"a": 1, "b": [2, 3]}});
    let plain = said(FORM, object());
    assert_eq!(
        plain.text(&value),
        "text=a+b%2B%C3%A9&list=1%2C2&list=3&inner=%7B%22a%22%3A1%2C%22b%22%3A%5B2%2C3%5D%7D"
    );
    let style = |style, explode| Encoding {
        style: Some(style),
        explode,
        ..Encoding::default()
    };
    let value = json!({"list": ["1,2", "3"], "inner": {"a": 1, "b": [2, 3]}});
    for (list, inner, text) in [
        (
            style(Style::Form, Some(false)),
            style(Style::DeepObject, None),
            "list=1%2C2,3&inner%5Ba%5D=1&inner%5Bb%5D=2&inner%5Bb%5D=3",
        ),
        (
            style(Style::PipeDelimited, None),
            style(Style::Form, None),
            "list=1%2C2%7C3&a=1&b=2&b=3",
        ),
    ] {
        let said = said(FORM, object())
            .encoding("list", list)
            .encoding("inner", inner);
        assert_eq!(said.text(&value), text);
        assert_eq!(said.back(&value), Ok(value.clone()));
    }
    let json_type = Encoding {
        content_types: vec!["application/json".to_owned()],
        ..Encoding::default()
    };
    let coded = said(FORM, object()).encoding("text", json_type);
    assert_eq!(coded.text(&json!({"text": "a"})), "text=%22a%22");
    assert!(plain.write(&json!([1])).is_err());
    assert_eq!(plain.example().text(&json!("a=1&b=2")), "a=1&b=2");
}

#[test]
fn parts_have_the_types_of_their_values() {
    let schema = json!({"type": "object", "required": ["none"], "properties": {
        "text": {"type": "string"},
        "file": {"type": "string", "format": "binary"},
        "code": {"type": "string", "contentEncoding": "base64"},
        "meta": {"type": "object"},
        "list": {"type": "array", "items": {"type": "integer"}},
        "none": {"type": "array", "items": {"type": "integer"}},
        "image": {"type": "string", "format": "binary"},
    }});
    let image = Encoding {
        content_types: vec!["image/*".to_owned()],
        headers: vec![Header {
            name: "X-Note".to_owned(),
            required: true,
            style: Style::Simple,
            explode: false,
            media_type: None,
            schema: None,
            examples: vec![json!("a\r\nb"), json!(["a", "b"])],
            at: Default::default(),
        }],
        ..Encoding::default()
    };
    let said = said(PARTS, schema).encoding("image", image);
    let value = json!({"text": "é", "file": "\u{ff}\0", "code": "AA==", "meta": {"a": 1}, "list": [1, 2],
        "none": [], "image": "text"});
    let encoded = said.write(&value).expect("a body");
    let boundary = encoded
        .content_type
        .strip_prefix("multipart/form-data; boundary=")
        .expect("one");
    let text = String::from_utf8_lossy(&encoded.body)
        .replace(boundary, "B")
        .replace("\r\n", "\n");
    let start = "--B\nContent-Disposition: form-data; name=\"text\"\nContent-Type: text/plain; charset=utf-8\n\né\n\
         --B\nContent-Disposition: form-data; name=\"file\"; filename=\"file\"\nContent-Type: application/octet-stream\n\n\u{fffd}\0\n\
         --B\nContent-Disposition: form-data; name=\"code\"\nContent-Type: application/octet-stream\n\nAA==\n\
         --B\nContent-Disposition: form-data; name=\"meta\"\nContent-Type: application/json\n\n{\"a\":1}\n\
         --B\nContent-Disposition: form-data; name=\"list\"\nContent-Type: text/plain\n\n1\n\
         --B\nContent-Disposition: form-data; name=\"list\"\nContent-Type: text/plain\n\n2\n\
         --B\nContent-Disposition: form-data; name=\"none\"\nContent-Type: application/json\n\n[]\n\
         --B\nContent-Disposition: form-data; name=\"image\"; filename=\"image\"\nContent-Type: image/png\nX-Note: a,b\n\n\u{fffd}PNG\n";
    assert!(text.starts_with(start), "{text}");
    assert!(text.ends_with("\n--B--\n"));
    let mut read = said.back(&value).expect("a form");
    let image = read["image"].take();
    assert!(
        image
            .as_str()
            .is_some_and(|image| image.starts_with("\u{89}PNG"))
    );
    let mut value = value;
    value["image"] = Value::Null;
    assert_eq!(read, value);
}

#[test]
fn a_boundary_is_the_same_each_time_and_occurs_in_no_part() {
    let said = said("multipart/mixed", json!({"type": "array", "items": {}}));
    let first = said.write(&json!(["a", {"b": 1}])).expect("a body");
    assert_eq!(said.write(&json!(["a", {"b": 1}])), Ok(first.clone()));
    // A part that holds the whole of it.
    let whole = String::from_utf8(first.body.to_vec()).expect("text");
    assert_eq!(said.back(&json!([whole])), Ok(json!([whole])));
    assert!(!whole.contains("Content-Disposition"), "{whole}");
}

#[test]
fn a_multipart_example_is_sent_as_it_is() {
    let said = said(PARTS, object()).example();
    let text = "--x\nContent-Disposition: form-data; name=\"n\"\n\n1\n--x--\n";
    assert_eq!(said.back(&json!(text)), Ok(json!({"n": 1})));
    assert!(said.write(&json!("text")).is_err());
}

#[test]
fn text_is_what_it_says() {
    for (media_type, value, content_type, text) in [
        ("text/plain", json!("a"), "text/plain", "a"),
        ("text/plain", json!("é"), "text/plain; charset=utf-8", "é"),
        ("text/plain", json!(1.50), "text/plain", "1.5"),
        ("text/plain", json!({"a": [1]}), "text/plain", "{\"a\":[1]}"),
        (
            "text/html",
            json!({"a": "<b>"}),
            "text/html",
            "<!DOCTYPE html>\n<meta charset=\"utf-8\">\n<pre>{\n  \"a\": \"&lt;b>\"\n}</pre>\n",
        ),
        (
            "application/yaml",
            json!({"a": [1]}),
            "application/yaml",
            "a:\n  - 1\n",
        ),
        ("text/x-yaml", json!("a: 1"), "text/x-yaml", "a: 1"),
        ("application/json", json!("é"), "application/json", "\"é\""),
        (
            "application/javascript",
            json!("f()"),
            "application/javascript",
            "f()",
        ),
    ] {
        let encoded = said(media_type, json!({})).write(&value).expect(media_type);
        assert_eq!(encoded.content_type, content_type);
        assert_eq!(encoded.body, text);
    }
    let latin = said("text/plain; charset=iso-8859-1", json!({}));
    assert_eq!(latin.write(&json!("é")).expect("a body").body, b"\xe9"[..]);
    assert!(latin.write(&json!("日")).is_err());
    assert!(said("text/*", json!({})).write(&json!("a")).is_err());
}

#[test]
fn files_are_octets() {
    let binary = || json!({"type": "string", "format": "binary"});
    let written =
        |said: Said, value: Value| said.write(&value).map(|encoded| encoded.body.to_vec());
    // What is made up gives way to a file of the type, where there is one.
    let image = written(said("image/png", binary()), json!("text")).expect("a body");
    assert!(image.starts_with(b"\x89PNG"));
    let octets = || said("application/octet-stream", binary());
    assert_eq!(written(octets(), json!("\u{ff}a")), Ok(b"\xffa".to_vec()));
    assert_eq!(written(octets(), json!("\u{ff}日")), Ok("\u{ff}日".into()));
    // What somebody wrote is text, unless it is a file in base64.
    assert_eq!(written(octets().example(), json!("é")), Ok("é".into()));
    let gif = json!("data:image/gif;base64,R0lGODdh");
    let read = written(said("image/gif", binary()).example(), gif);
    assert_eq!(read, Ok(b"GIF87a".to_vec()));
    let text = written(said("image/gif", binary()).example(), json!("GIF89a…"));
    assert_eq!(text, Ok("GIF89a…".into()));
    // Where the schema is one of base64, that is what travels.
    let coded =
        json!({"type": "string", "contentEncoding": "base64", "contentMediaType": "image/gif"});
    let text = written(
        said("image/gif", coded.clone()).example(),
        json!("R0lGODdh"),
    );
    assert_eq!(text, Ok(b"R0lGODdh".to_vec()));
    assert!(written(said("image/gif", coded), json!("AA==")).is_ok_and(|b| b.starts_with(b"R0lG")));
    // What a schema says of members is said of JSON, and the type is a mistake.
    let object = || json!({"type": "object"});
    let image = written(said("image/png", object()), json!({"a": 1})).expect("a body");
    assert!(image.starts_with(b"\x89PNG"));
    let own = || said("image/png", object()).example();
    assert_eq!(written(own(), json!({"a": 1})), Ok(br#"{"a":1}"#.to_vec()));
    assert_eq!(
        written(said("html/text", object()), json!([1])),
        Ok(b"[1]".to_vec())
    );
}

fn parameter(location: Location, style: Style, explode: bool) -> Parameter {
    Parameter {
        name: "color".to_owned(),
        location,
        required: true,
        style,
        explode,
        allow_reserved: false,
        allow_empty: false,
        media_type: None,
        schema: None,
        examples: Vec::new(),
        at: Default::default(),
    }
}

/// The table of OpenAPI 3.1.1 §4.8.12.4.
#[test]
fn every_row_of_the_specifications_table_is_written() {
    let (shapes, _) = Shapes::of_schema(&json!({}));
    let text = json!("blue");
    let list = json!(["blue", "black", "brown"]);
    let object = json!({"R": 100, "G": 200, "B": 150});
    use Location::{Cookie, Header, Path, Query};
    for (location, style, explode, texts) in [
        (
            Path,
            Style::Matrix,
            false,
            [
                ";color",
                ";color=blue",
                ";color=blue,black,brown",
                ";color=R,100,G,200,B,150",
            ],
        ),
        (
            Path,
            Style::Matrix,
            true,
            [
                ";color",
                ";color=blue",
                ";color=blue;color=black;color=brown",
                ";R=100;G=200;B=150",
            ],
        ),
        (
            Path,
            Style::Label,
            false,
            [".", ".blue", ".blue,black,brown", ".R,100,G,200,B,150"],
        ),
        (
            Path,
            Style::Label,
            true,
            [".", ".blue", ".blue.black.brown", ".R=100.G=200.B=150"],
        ),
        (
            Path,
            Style::Simple,
            false,
            ["", "blue", "blue,black,brown", "R,100,G,200,B,150"],
        ),
        (
            Header,
            Style::Simple,
            true,
            ["", "blue", "blue,black,brown", "R=100,G=200,B=150"],
        ),
        (
            Query,
            Style::Form,
            false,
            [
                "color=",
                "color=blue",
                "color=blue,black,brown",
                "color=R,100,G,200,B,150",
            ],
        ),
        (
            Query,
            Style::Form,
            true,
            [
                "color=",
                "color=blue",
                "color=blue&color=black&color=brown",
                "R=100&G=200&B=150",
            ],
        ),
        (
            Query,
            Style::SpaceDelimited,
            false,
            [
                "color=",
                "color=blue",
                "color=blue%20black%20brown",
                "color=R%20100%20G%20200%20B%20150",
            ],
        ),
        (
            Query,
            Style::PipeDelimited,
            false,
            [
                "color=",
                "color=blue",
                "color=blue%7Cblack%7Cbrown",
                "color=R%7C100%7CG%7C200%7CB%7C150",
            ],
        ),
        (
            Query,
            Style::DeepObject,
            true,
            [
                "color=",
                "color=blue",
                "color=blue&color=black&color=brown",
                "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150",
            ],
        ),
        (
            Cookie,
            Style::Form,
            true,
            [
                "color=",
                "color=blue",
                "color=blue&color=black&color=brown",
                "R=100; G=200; B=150",
            ],
        ),
        (
            Cookie,
            Style::Cookie,
            true,
            [
                "color=",
                "color=blue",
                "color=blue; color=black; color=brown",
                "R=100; G=200; B=150",
            ],
        ),
    ] {
        let reader = ParameterReader::new(parameter(location, style, explode), None);
        let written =
            [&json!(""), &text, &list, &object].map(|v| encode_parameter(v, &reader, &shapes));
        assert_eq!(
            written,
            texts.map(|text| Some(text.to_owned())),
            "{location:?} {style:?} {explode}"
        );
        assert_eq!(encode_parameter(&Value::Null, &reader, &shapes), None);
    }
}

#[test]
fn parameters_come_back() {
    let schema = json!({"properties": {
        "text": {"type": "string"},
        "list": {"type": "array", "items": {"type": "string"}},
        "object": {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "integer"}}},
    }});
    let (shapes, id) = Shapes::of_schema(&schema);
    let properties = &shapes.get(id).properties;
    for (name, value) in [
        ("text", json!("a b+c%20&d=e;f|g é?#[]@!$'()*")),
        ("list", json!(["a b", "c,d&e", "f|g", "é"])),
        ("object", json!({"a": "b c,d=e", "b": 1})),
    ] {
        let shape = shapes.of_property(&properties[name]);
        for (style, explode) in [
            (Style::Form, true),
            (Style::Form, false),
            (Style::SpaceDelimited, false),
            (Style::PipeDelimited, false),
            (Style::DeepObject, true),
        ] {
            // What separates can't be part of what it separates, as readers take it encoded too.
            let separates = matches!(style, Style::SpaceDelimited | Style::PipeDelimited);
            let value = match name {
                "text" | "list" if style == Style::DeepObject => continue,
                "list" if separates => json!(["a,b", "c&d", "é"]),
                "object" if separates => json!({"a": "b,c=d", "b": 1}),
                _ => value.clone(),
            };
            let parameter = parameter(Location::Query, style, explode);
            let reader = ParameterReader::new(parameter, Some(shape));
            let query = encode_parameter(&value, &reader, &shapes).expect("a query");
            let request = Request::new(Method::GET, format!("/?{query}"));
            let (read, malformed) =
                ParameterReader::read_all(&[reader], &shapes, &request, &[], &[]);
            assert_eq!(malformed, [], "{query}");
            assert_eq!(read.query.get("color"), Some(&value), "{query}");
        }
        for (style, explode) in [
            (Style::Simple, true),
            (Style::Label, false),
            (Style::Matrix, true),
        ] {
            let reader =
                ParameterReader::new(parameter(Location::Path, style, explode), Some(shape));
            let segment = encode_parameter(&value, &reader, &shapes).expect("a segment");
            let request = Request::new(Method::GET, "/");
            let captures = [("color", segment.as_str())];
            let (read, _) = ParameterReader::read_all(&[reader], &shapes, &request, &captures, &[]);
            assert_eq!(read.path.get("color"), Some(&value), "{segment}");
        }
    }
}

#[test]
fn header_fields_carry_what_they_can() {
    let header = |explode, media_type: Option<&str>| Header {
        name: "X-Field".to_owned(),
        required: false,
        style: Style::Simple,
        explode,
        media_type: media_type.map(str::to_owned),
        schema: None,
        examples: Vec::new(),
        at: Default::default(),
    };
    let plain = header(false, None);
    for (header, value, text) in [
        (&plain, json!("W/\"a, b\" 100%"), Some("W/\"a, b\" 100%")),
        (&plain, json!([1, null, true]), Some("1,true")),
        (
            &plain,
            json!({"a": 1, "b": null, "c": "x"}),
            Some("a,1,c,x"),
        ),
        (
            &header(true, None),
            json!({"a": 1, "c": "x"}),
            Some("a=1,c=x"),
        ),
        (&plain, json!(""), Some("")),
        (&plain, json!(null), None),
        (&plain, json!("a\r\nb"), None),
        (&plain, json!("a\0"), None),
        (&plain, json!("é"), Some("é")),
        (
            &header(false, Some("application/json")),
            json!({"a": "é\n"}),
            Some("{\"a\":\"\\u00e9\\n\"}"),
        ),
        (
            &header(false, Some("text/plain")),
            json!("a,b"),
            Some("a,b"),
        ),
        (&header(false, Some("application/linkset")), json!({}), None),
    ] {
        assert_eq!(encode_header(&value, header).as_deref(), text);
    }
}
