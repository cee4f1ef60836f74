use super::*;
use serde_json::json;

fn request(method: &str, body: Option<Body>) -> Request {
    Request {
        method: method.to_owned(),
        url: "http://127.0.0.1:4010/a b?q=[1]".to_owned(),
        headers: vec![("Authorization".to_owned(), "Bearer it's".to_owned())],
        token: None,
        body,
    }
}

fn code(request: &Request, language: Language) -> String {
    sample(request, language, usize::MAX).expect("a request that can be sent")
}

fn value() -> Request {
    let value = json!({"name": "it's \"a\"\n$(id)`b`", "n": [1, 3_000_000_000_u64, null, true], "__proto__": {}});
    request("PATCH", Some(Body::Json(value)))
}

fn parts() -> Request {
    let part = |name: &str, content, media_type: Option<&str>| Part {
        name: name.to_owned(),
        content,
        media_type: media_type.map(str::to_owned),
    };
    let parts = vec![
        part("a", PartContent::Text("@x".to_owned()), None),
        part(
            "b",
            PartContent::Text("\"{}".to_owned()),
            Some("application/json"),
        ),
        part(
            "c",
            PartContent::File("it's.png".to_owned()),
            Some("image/png"),
        ),
    ];
    request("POST", Some(Body::Multipart(parts)))
}

#[test]
fn curl_is_given_an_argument_a_line_that_no_shell_reads() {
    assert_eq!(
        code(&value(), Language::Curl),
        r#"curl 'http://127.0.0.1:4010/a%20b?q=[1]' \
  --request PATCH \
  --globoff \
  --header 'Authorization: Bearer it'\''s' \
  --header 'Content-Type: application/json' \
  --data-raw '{
  "name": "it'\''s \"a\"\n$(id)`b`",
  "n": [
    1,
    3000000000,
    null,
    true
  ],
  "__proto__": {}
}'
"#
    );
    assert!(code(&parts(), Language::Curl).ends_with(
        r#"  --form-string 'a=@x' \
  --form 'b="\"{}";type=application/json' \
  --form 'c=@"it'\''s.png";type=image/png'
"#
    ));
}

#[test]
fn fetch_is_given_an_object_that_is_the_value() {
    assert_eq!(
        code(&value(), Language::JavaScript),
        r#"const response = await fetch("http://127.0.0.1:4010/a%20b?q=[1]", {
  method: "PATCH",
  headers: {
    "Authorization": "Bearer it's",
    "Content-Type": "application/json",
  },
  body: JSON.stringify({
    name: "it's \"a\"\n$(id)`b`",
    n: [
      1,
      3000000000,
      null,
      true,
    ],
    ["__proto__"]: {},
  }),
});
console.log(response.status, await response.text());
"#
    );
    assert!(
        code(&parts(), Language::JavaScript)
            .contains(r#"form.append("b", new Blob(["\"{}"], { type: "application/json" }));"#)
    );
}

#[test]
fn python_is_given_a_literal_of_its_own() {
    assert_eq!(
        code(&value(), Language::Python),
        r#"import requests

response = requests.patch(
    "http://127.0.0.1:4010/a%20b?q=[1]",
    headers={
        "Authorization": "Bearer it's",
    },
    json={
        "name": "it's \"a\"\n$(id)`b`",
        "n": [
            1,
            3000000000,
            None,
            True,
        ],
        "__proto__": {},
    },
)
print(response.status_code, response.text)
"#
    );
    let null = code(
        &request("POST", Some(Body::Json(Value::Null))),
        Language::Python,
    );
    assert!(
        null.contains("\"Content-Type\": \"application/json\"")
            && null.contains("data=\"null\".encode()")
    );
}

#[test]
fn rust_is_given_a_program_that_rustfmt_leaves() {
    assert_eq!(
        code(&value(), Language::Rust),
        r#"// cargo add reqwest --features blocking,json && cargo add serde_json

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = reqwest::blocking::Client::new();
    let body = serde_json::json!({
        "name": "it's \"a\"\n$(id)`b`",
        "n": [
            1,
            3000000000_i64,
            null,
            true
        ],
        "__proto__": {}
    });
    let response = client
        .patch("http://127.0.0.1:4010/a%20b?q=[1]")
        .header("Authorization", "Bearer it's")
        .json(&body)
        .send()?;
    println!("{} {}", response.status(), response.text()?);
    Ok(())
}
"#
    );
    let form = Body::Form(vec![("a".to_owned(), "b\"".to_owned())]);
    assert!(
        code(&request("POST", Some(form)), Language::Rust)
            .contains(r#"let form = [("a", "b\"")];"#)
    );
}

#[test]
fn numbers_that_a_language_would_round_are_sent_as_text() {
    let value = serde_json::from_str("{\"n\": 123456789012345678901234567890}").expect("JSON");
    let request = request("POST", Some(Body::Json(value)));
    let number = "123456789012345678901234567890";
    assert!(
        code(&request, Language::JavaScript).contains(&format!("\"  \\\"n\\\": {number}\\n\""))
    );
    assert!(code(&request, Language::Python).contains(&format!("\"n\": {number},")));
    assert!(code(&request, Language::Rust).contains(&format!("r#\"{{\n  \"n\": {number}\n}}\"#")));
}

#[test]
fn fields_of_one_name_are_one_and_a_type_is_said_once() {
    let mut request = request("POST", Some(Body::Json(json!(1))));
    for (name, value) in [
        ("X", "1"),
        ("x", "2"),
        ("Cookie", "a=1"),
        ("cookie", "b=2"),
        ("X-None", ""),
        ("content-type", "application/merge-patch+json"),
    ] {
        request.headers.push((name.to_owned(), value.to_owned()));
    }
    let curl = code(&request, Language::Curl);
    assert!(
        curl.contains("'X: 1, 2'")
            && curl.contains("'Cookie: a=1; b=2'")
            && curl.contains("'X-None;'")
    );
    assert_eq!(curl.to_lowercase().matches("content-type").count(), 1);
}

#[test]
fn what_cannot_be_sent_is_refused_with_the_reason() {
    let text = |text: &str| {
        Some(Body::Text {
            media_type: "text/plain".to_owned(),
            text: text.to_owned(),
        })
    };
    let refused =
        |request: &Request, language| sample(request, language, usize::MAX).expect_err("refused");
    let nul = request("POST", text("a\0b"));
    assert!(refused(&nul, Language::Curl).contains("U+0000"));
    assert!(code(&nul, Language::Python).contains("data=\"a\\u0000b\".encode()"));
    assert!(refused(&request("GET", text("x")), Language::JavaScript).contains("GET with a body"));
    let mut request = request("GET", None);
    request
        .headers
        .push(("A".to_owned(), "x\r\nB: y".to_owned()));
    for language in Language::ALL {
        assert_eq!(
            refused(&request, language),
            "the header field A holds a control character"
        );
    }
    request.headers.clear();
    for (method, url) in [
        ("G T", "http://a/"),
        ("GET", "file:///x"),
        ("GET", "http://"),
        ("GET", "-x"),
    ] {
        request.method = method.to_owned();
        request.url = url.to_owned();
        refused(&request, Language::Curl);
    }
}

#[test]
fn a_token_is_got_before_it_is_sent() {
    let request = Request {
        token: Some(Mint {
            url: "http://127.0.0.1:4010/_counterpart/tokens".to_owned(),
            scopes: vec!["a".to_owned(), "it's $b".to_owned()],
        }),
        headers: Vec::new(),
        url: "http://127.0.0.1:4010/a".to_owned(),
        ..request("GET", None)
    };
    assert_eq!(
        code(&request, Language::Curl),
        r#"TOKEN=$(counterpart token --scope a --scope 'it'\''s $b')
curl 'http://127.0.0.1:4010/a' \
  --header "Authorization: Bearer $TOKEN"
"#
    );
    assert_eq!(
        code(&request, Language::JavaScript),
        r#"const minted = await fetch("http://127.0.0.1:4010/_counterpart/tokens", {
  method: "POST",
  body: new URLSearchParams({ scope: "a it's $b" }),
});
const { access_token: token } = await minted.json();
const response = await fetch("http://127.0.0.1:4010/a", {
  headers: {
    "Authorization": `Bearer ${token}`,
  },
});
console.log(response.status, await response.text());
"#
    );
    assert_eq!(
        code(&request, Language::Python),
        r#"import requests

token = requests.post(
    "http://127.0.0.1:4010/_counterpart/tokens",
    data={"scope": "a it's $b"},
).json()["access_token"]
response = requests.get(
    "http://127.0.0.1:4010/a",
    headers={
        "Authorization": "Bearer " + token,
    },
)
print(response.status_code, response.text)
"#
    );
    assert_eq!(
        code(&request, Language::Rust),
        r#"// cargo add reqwest --features blocking,json,form && cargo add serde_json

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = reqwest::blocking::Client::new();
    let minted: serde_json::Value = client
        .post("http://127.0.0.1:4010/_counterpart/tokens")
        .form(&[("scope", "a it's $b")])
        .send()?
        .json()?;
    let token = minted["access_token"].as_str().unwrap_or_default();
    let response = client
        .get("http://127.0.0.1:4010/a")
        .bearer_auth(token)
        .send()?;
    println!("{} {}", response.status(), response.text()?);
    Ok(())
}
"#
    );
}
