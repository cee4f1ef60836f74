//! Right requests made wrong at random, with a fixed seed: whatever comes of it is a reply of the
//! contract within its time, and never a panic.

use counterpart::contract::Contract;
use counterpart::wire::{Method, Request, header};
use std::time::{Duration, Instant};

const DOCUMENT: &str = "
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /x/{p}:
    parameters:
      - {name: p, in: path, required: true, style: matrix, explode: true, schema: {type: array, items: {type: integer}}}
    post:
      parameters:
        - {name: f, in: query, style: deepObject, schema: {type: object, properties: {a: {type: array, items: {$ref: '#/components/schemas/Thing'}}}}}
        - {name: l, in: query, style: pipeDelimited, schema: {type: array, items: {type: number}}}
        - {name: o, in: query, schema: {type: object, additionalProperties: {type: boolean}}}
        - {name: j, in: query, content: {application/json: {schema: {type: object}}}}
        - {name: c, in: cookie, schema: {$ref: '#/components/schemas/Thing'}}
        - {name: X-H, in: header, explode: true, schema: {$ref: '#/components/schemas/Thing'}}
      requestBody:
        content:
          multipart/form-data: {schema: {$ref: '#/components/schemas/Thing'}}
          multipart/mixed: {schema: {type: array}}
          application/xml: {schema: {$ref: '#/components/schemas/Thing'}}
          application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Thing'}}
          application/x-ndjson: {itemSchema: {$ref: '#/components/schemas/Thing'}}
          text/event-stream: {itemSchema: {type: object}}
          application/json: {schema: {$ref: '#/components/schemas/Thing'}}
      responses: {'204': {description: Done}}
components:
  schemas:
    Thing:
      type: object
      properties:
        n: {type: integer, xml: {attribute: true}}
        s: {type: string, format: binary}
        l: {type: array, items: {type: string, xml: {name: i}}, xml: {wrapped: true}}
        t: {$ref: '#/components/schemas/Thing'}
";

/// xorshift: the same numbers on every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }

    /// The same with up to four changes: an octet, a cut, a piece doubled, a piece of syntax.
    fn spoil(&mut self, text: &[u8]) -> Vec<u8> {
        const SYNTAX: [&[u8]; 24] = [
            b"[",
            b"]",
            b"[]",
            b"[0]",
            b"&",
            b"=",
            b"%",
            b"%5B",
            b"%zz",
            b"+",
            b";",
            b",",
            b"--b",
            b"--b--",
            b"\r\n",
            b"\n",
            b"<",
            b"/>",
            b"&#0;",
            b"<![CDATA[",
            b"<!DOCTYPE x>",
            b"\"",
            b"xmlns:p='u'",
            b"\xff",
        ];
        let mut text = text.to_vec();
        for _ in 0..=self.roll(4) {
            let at = self.roll(text.len() + 1);
            let to = (at + self.roll(12)).min(text.len());
            match self.roll(4) {
                0 if at < text.len() => text[at] = self.roll(256) as u8,
                1 => drop(text.drain(at..to)),
                2 => {
                    let piece = text[at..to].repeat(1 + self.roll(50));
                    text.splice(at..at, piece);
                }
                _ => {
                    let piece = SYNTAX[self.roll(SYNTAX.len())];
                    text.splice(at..at, piece.iter().copied());
                }
            }
        }
        text
    }
}

const RIGHT: [(&str, &str); 7] = [
    (
        "multipart/form-data; boundary=b",
        "--b\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\n1\r\n--b\r\nContent-Disposition: form-data; name=\"s\"; filename=\"x\"\r\nContent-Type: image/png\r\n\r\nPNG\r\n--b--\r\n",
    ),
    (
        "multipart/mixed; boundary=b",
        "--b\r\nContent-Type: application/json\r\n\r\n{}\r\n--b--",
    ),
    (
        "application/xml",
        "<?xml version='1.0'?><Thing n='1' xmlns:p='u'><s p:x='1'>x&amp;y</s><l><i>1</i><i>2</i></l><t n='2'/></Thing>",
    ),
    (
        "application/x-www-form-urlencoded",
        "n=1&s=a+b&l=1&l=2&t[n]=1&t[t][n]=2",
    ),
    (
        "application/x-ndjson",
        "{\"n\":1}\n{\"n\":2,\"l\":[\"a\"]}\n",
    ),
    (
        "text/event-stream",
        "id: 1\ndata: a\ndata: b\nretry: 10\n\n",
    ),
    (
        "application/json",
        "{\"n\":1,\"l\":[\"a\"],\"t\":{\"n\":2}}",
    ),
];
const QUERY: &str = "f[a][0][n]=1&f[a][1][t][n]=2&l=1|2.5%7C3&x=true&j=%7B%7D";

fn contract() -> Contract {
    Contract::from_text("t.yaml", DOCUMENT).unwrap_or_else(|errors| panic!("{errors}"))
}

fn request(query: &str, path: &str, field: &str, media_type: &str, body: Vec<u8>) -> Request {
    Request::new(Method::POST, format!("/x/{path}?{query}"))
        .with_header(header::CONTENT_TYPE, media_type)
        .with_header(header::COOKIE, field)
        .with_header("x-h".parse().expect("a name"), field)
        .with_body(body)
}

#[test]
fn a_spoilt_request_gets_a_reply_in_time() {
    let contract = contract();
    for (media_type, body) in RIGHT {
        let exchange = contract.answer(request(QUERY, ";p=1;p=2", "n=1", media_type, body.into()));
        assert_eq!(
            exchange.reply.status, 204,
            "{media_type} {:?}",
            exchange.refusal
        );
    }
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let started = Instant::now();
    let mut refused = 0;
    for round in 0..10_000 {
        let (media_type, body) = RIGHT[round % RIGHT.len()];
        // A target and a header field are text by now.
        let mut text =
            |text: &str| String::from_utf8_lossy(&dice.spoil(text.as_bytes())).into_owned();
        let (query, path, field) = match round % 3 {
            0 => (text(QUERY), text(";p=1;p=2"), text("n=1,s=2; c=n,1")),
            _ => (QUERY.to_owned(), ";p=1".to_owned(), "n=1".to_owned()),
        };
        let body = dice.spoil(body.as_bytes());
        let request = request(&query, &path, &field, media_type, body);
        let shown = format!("{request:?}");
        let status = contract.answer(request).reply.status.as_u16();
        let expected = [204, 400, 404, 415, 422];
        assert!(expected.contains(&status), "{status} {shown}");
        refused += usize::from(status != 204);
    }
    assert!(refused > 1_000, "{refused}");
    assert!(
        started.elapsed() < Duration::from_secs(60),
        "{:?}",
        started.elapsed()
    );
}

/// What is long of its kind and must be refused, or read, in a time that grows with its length.
#[test]
fn a_long_body_of_one_piece_of_syntax_is_read_in_time() {
    let contract = contract();
    let started = Instant::now();
    for (media_type, piece) in [
        (
            "multipart/form-data; boundary=bbbbbbbbbbbbbbbbbbbb",
            "\r\n--bbbbbbbbbbbbbbbbbbb",
        ),
        ("multipart/form-data; boundary=b", "--b\r\n\r\n\r\n"),
        ("multipart/form-data; boundary=b", "--b \t \t"),
        ("application/xml", "<Thing>"),
        ("application/xml", "<Thing/>"),
        ("application/xml", "<a a='1' "),
        ("application/xml", "<![CDATA["),
        ("application/xml", "&amp;"),
        ("application/x-www-form-urlencoded", "t[n]=1&"),
        ("application/x-www-form-urlencoded", "[][][]"),
        ("application/x-ndjson", "1\n"),
        ("text/event-stream", "data:\n"),
        ("application/json", "[{\"a\":"),
    ] {
        let body = piece.repeat((1 << 20) / piece.len());
        let exchange = contract.answer(request("", ";p=1", "n=1", media_type, body.into()));
        let status = exchange.reply.status.as_u16();
        assert!(
            [204, 400, 422].contains(&status),
            "{status} {media_type} {piece:?}"
        );
    }
    assert!(
        started.elapsed() < Duration::from_secs(60),
        "{:?}",
        started.elapsed()
    );
}
