//! `--auth verify`: signatures of tokens, credentials that are known, and attacks on both.

use crate::harness::Counterpart;
use crate::process::{Folder, checkout, command, finish, run, start};
use crate::raw::request;
use crate::security::{api, ask, challenges};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use counterpart::contract::{AuthMode, AuthSettings, KeySet};
use counterpart::wire::auth_params;
use ring::digest::{SHA256, digest};
use ring::hmac::{HMAC_SHA256, HMAC_SHA384, HMAC_SHA512, Key, sign};
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};

const KEYS: &str = include_str!("keys/jwks.json");
const TOKENS: &str = include_str!("keys/tokens.json");

fn verify() -> AuthSettings {
    AuthSettings {
        mode: AuthMode::Verify,
        ..AuthSettings::default()
    }
}

/// With the keys of `tests/keys`, whose private halves nobody has any more.
fn with_keys() -> AuthSettings {
    AuthSettings {
        keys: KeySet::parse("jwks.json", KEYS).expect("keys"),
        ..verify()
    }
}

fn tokens(kind: &str) -> Vec<(String, String)> {
    let all: Value = serde_json::from_str(TOKENS).expect("JSON");
    let members = all[kind].as_object().expect("an object").iter();
    let text = |token: &Value| token.as_str().expect("a text").to_owned();
    members
        .map(|(name, token)| (name.clone(), text(token)))
        .collect()
}

fn bearer(token: &str) -> String {
    format!("authorization: Bearer {token}")
}

fn signed(header: Value, claims: Value, secret: &[u8]) -> String {
    let algorithm = match header["alg"].as_str() {
        Some("HS384") => HMAC_SHA384,
        Some("HS512") => HMAC_SHA512,
        _ => HMAC_SHA256,
    };
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(header), part(claims));
    let signature = sign(&Key::new(algorithm, secret), signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// The detail of a refusal.
fn refused(api: &Counterpart, sent: &str) -> String {
    let answer = ask(api, sent).is(401);
    let told = challenges(&answer);
    assert!(!told.is_empty(), "{sent}");
    answer.json()["detail"].as_str().expect("a text").to_owned()
}

#[test]
fn tokens_of_every_algorithm_are_verified_and_tampered_ones_refused() {
    let api = api("[{oauth: [things.read]}]", with_keys());
    for (name, token) in tokens("good") {
        assert_eq!(ask(&api, &bearer(&token)).status, 204, "{name}");
        let parts: Vec<&str> = token.split('.').collect();
        let claims = URL_SAFE_NO_PAD.encode(r#"{"sub":"root","scope":"things.read"}"#);
        let mut signature = URL_SAFE_NO_PAD.decode(parts[2]).expect("base64url");
        signature[20] ^= 1;
        let flipped = URL_SAFE_NO_PAD.encode(&signature);
        let cut = URL_SAFE_NO_PAD.encode(&signature[..signature.len() - 1]);
        for bad in [
            format!("{}.{claims}.{}", parts[0], parts[2]),
            format!("{}.{}.{flipped}", parts[0], parts[1]),
            format!("{}.{}.{cut}", parts[0], parts[1]),
            format!("{}.{}.", parts[0], parts[1]),
            format!("{}.{}.AA", parts[0], parts[1]),
            format!("{}.{}.{}=", parts[0], parts[1], "A"),
        ] {
            let detail = refused(&api, &bearer(&bad));
            assert_eq!(
                detail, "the signature of the bearer token is wrong",
                "{name}: {bad}"
            );
        }
    }
}

#[test]
fn keys_are_used_for_what_they_are_for_alone() {
    let api = api("[{oauth: []}]", with_keys());
    let expected = [
        (
            "RS256 under the kid of another key",
            "no known key fits the bearer token",
        ),
        (
            "RS256 under an unknown kid",
            "no known key fits the bearer token",
        ),
        (
            "RS256 by a key for encryption",
            "no known key fits the bearer token",
        ),
        (
            "ES512",
            "the bearer token is not signed by an algorithm that is taken",
        ),
        ("RS256 that has expired", "the bearer token has expired"),
        (
            "RS256 that is not valid yet",
            "the bearer token is not valid yet",
        ),
    ];
    let bad = tokens("bad");
    assert_eq!(bad.len(), expected.len());
    for ((name, token), (of, detail)) in bad.iter().zip(expected) {
        assert_eq!(
            (name.as_str(), &*refused(&api, &bearer(token))),
            (of, detail)
        );
    }
}

#[test]
fn no_algorithm_is_confused_with_another() {
    let settings = AuthSettings {
        secret: Some("s3cret".to_owned()),
        ..with_keys()
    };
    let api = api("[{bearer: []}]", settings);
    let claims = json!({"sub": "root"});
    for alg in ["HS256", "HS384", "HS512"] {
        let right = signed(json!({"alg": alg}), claims.clone(), b"s3cret");
        ask(&api, &bearer(&right)).is(204);
        // A kid is for the keys of the set, and a secret has none.
        let named = signed(json!({"alg": alg, "kid": "x"}), claims.clone(), b"s3cret");
        ask(&api, &bearer(&named)).is(204);
    }
    let keys: Value = serde_json::from_str(KEYS).expect("JSON");
    let rsa = &keys["keys"][0];
    let modulus = rsa["n"].as_str().expect("a text");
    let octets = URL_SAFE_NO_PAD.decode(modulus).expect("base64url");
    let public_keys: [Vec<u8>; 4] = [modulus.into(), octets, rsa.to_string().into(), KEYS.into()];
    for public in public_keys {
        for header in [
            json!({"alg": "HS256"}),
            json!({"alg": "HS256", "kid": "rsa"}),
        ] {
            let forged = signed(header, claims.clone(), &public);
            refused(&api, &bearer(&forged));
        }
    }
    refused(
        &api,
        &bearer(&signed(
            json!({"alg": "HS256"}),
            claims.clone(),
            b"counterpart-development",
        )),
    );
    refused(
        &api,
        &bearer(&signed(json!({"alg": "HS256"}), claims.clone(), b"")),
    );
    for alg in ["none", "None", "NONE", "nOnE", "", "hs256", "HS1", "RS1"] {
        let forged = signed(json!({"alg": alg}), claims.clone(), b"s3cret");
        let (unsigned, _) = forged.rsplit_once('.').expect("a signature");
        for token in [&forged, &format!("{unsigned}.")] {
            let detail = refused(&api, &bearer(token));
            assert_eq!(
                detail, "the bearer token is not signed by an algorithm that is taken",
                "{alg}"
            );
        }
    }
    let critical = json!({"alg": "HS256", "crit": ["exp"]});
    refused(&api, &bearer(&signed(critical, claims, b"s3cret")));
    // What can't be verified isn't taken for a token that says nothing.
    assert_eq!(
        refused(&api, "authorization: Bearer opaque"),
        "the bearer token is not a JWT"
    );
    refused(&api, "authorization: Bearer e30.e30.e30.e30.e30");
}

#[test]
fn issuer_and_audience_are_those_expected() {
    let settings = |issuer: &str, audiences: &[&str]| AuthSettings {
        issuer: Some(issuer.to_owned()),
        audiences: audiences
            .iter()
            .map(|audience| (*audience).to_owned())
            .collect(),
        ..with_keys()
    };
    let (_, token) = tokens("good").remove(0);
    let send = |settings: AuthSettings| {
        let api = api("[{oauth: []}]", settings);
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .expect("a clock");
        let own = api.host().token(&[], now.as_secs(), 60);
        ask(&api, &bearer(&own)).is(204);
        let answer = ask(&api, &bearer(&token));
        let status = answer.status;
        (status, answer.text)
    };
    assert_eq!(
        send(settings("https://issuer.example", &["x", "others"])).0,
        204
    );
    let (status, text) = send(settings("https://issuer.example", &["x"]));
    assert!(status == 401 && text.contains("another audience"), "{text}");
    let (status, text) = send(settings("https://issuer.example/", &["things"]));
    assert!(status == 401 && text.contains("another issuer"), "{text}");
}

#[test]
fn a_token_that_is_bound_to_a_certificate_needs_it() {
    let der = [0x30, 0x03, 0x02, 0x01, 0x07];
    let thumbprint = URL_SAFE_NO_PAD.encode(digest(&SHA256, &der));
    let token = signed(
        json!({"alg": "HS256"}),
        json!({"cnf": {"x5t#S256": thumbprint}}),
        b"counterpart-development",
    );
    let api = api("[{oauth: []}]", verify());
    let field = |der: &[u8]| format!("{}|client-cert: :{}:", bearer(&token), STANDARD.encode(der));
    ask(&api, &field(&der)).is(204);
    let detail = "the bearer token is bound to another client certificate";
    assert_eq!(refused(&api, &field(&[0x30, 0x00])), detail);
    assert_eq!(refused(&api, &bearer(&token)), detail);
}

#[test]
fn credentials_are_those_that_are_known() {
    let known = |pairs: &[(&str, &str)]| AuthSettings {
        credentials: pairs
            .iter()
            .map(|(scheme, value)| ((*scheme).to_owned(), (*value).to_owned()))
            .collect(),
        ..verify()
    };
    let basic = |pair: &str| format!("authorization: Basic {}", STANDARD.encode(pair));
    let keys = api(
        "[{header: []}]",
        known(&[("header", "k-1"), ("header", "k=2")]),
    );
    ask(&keys, "x-api-key: k-1").is(204);
    ask(&keys, "x-api-key: k=2").is(204);
    for wrong in ["k", "k-1 x", "K-1", "k-11"] {
        assert_eq!(
            refused(&keys, &format!("x-api-key: {wrong}")),
            "the API key is not one that is known"
        );
    }
    let users = api("[{basic: []}]", known(&[("basic", "me:pass:word é")]));
    ask(&users, &basic("me:pass:word é")).is(204);
    for wrong in ["me:pass", "me:pass:word e", ":", "Me:pass:word é"] {
        assert_eq!(
            refused(&users, &basic(wrong)),
            "the credential is not one that is known"
        );
    }
    // A scheme without any takes all that are well-formed.
    let mixed = api("[{basic: []}, {query: []}]", known(&[("basic", "a:b")]));
    assert_eq!(mixed.api().contract().unverified(), ["query"]);
    ask(&mixed, "?api+key=any").is(204);
    refused(&mixed, &basic("b:a"));
    let opaque = api("[{bearer: []}]", known(&[("bearer", "opaque")]));
    ask(&opaque, "authorization: Bearer opaque").is(204);
    let answer = ask(&opaque, "authorization: Bearer Opaque").is(401);
    assert!(challenges(&answer)[0].contains("error=\"invalid_token\""));
}

#[test]
fn digest_credentials_answer_the_challenge() {
    let settings = AuthSettings {
        credentials: vec![("digest".to_owned(), "Mufasa:Circle of Life".to_owned())],
        ..verify()
    };
    let api = api("[{digest: []}]", settings);
    let asked = ask(&api, "").is(401);
    let told = challenges(&asked);
    let challenge = told[0].strip_prefix("Digest ").expect("Digest");
    let challenge = auth_params(challenge).expect("parameters");
    let of = |name: &str| {
        let mut named = challenge.iter().filter(|(known, _)| known == name);
        named.next().expect(name).1.clone()
    };
    let (realm, nonce) = (of("realm"), of("nonce"));
    let quoted_realm = realm.replace('"', "\\\"");
    let hash = |text: String| -> String {
        let digest = digest(&SHA256, text.as_bytes());
        digest
            .as_ref()
            .iter()
            .map(|octet| format!("{octet:02x}"))
            .collect()
    };
    let answer = |password: &str, uri: &str, nonce: &str, more: &str| {
        let who = hash(format!("Mufasa:{realm}:{password}"));
        let what = hash(format!("GET:{uri}"));
        let response = hash(format!("{who}:{nonce}:00000001:c:auth:{what}"));
        format!(
            "authorization: Digest username=\"Mufasa\", realm=\"{quoted_realm}\", nonce=\"{nonce}\", \
             uri=\"{uri}\", qop=auth, nc=00000001, cnonce=\"c\", response=\"{response}\", \
             algorithm=SHA-256{more}"
        )
    };
    let right = "Circle of Life";
    ask(&api, &answer(right, "/x", &nonce, "")).is(204);
    ask(
        &api,
        &answer(right, "/x", &nonce, ", opaque=\"counterpart\""),
    )
    .is(204);
    ask(&api, &answer(right, "http://127.0.0.1:4010/x", &nonce, "")).is(204);
    for (sent, detail) in [
        (
            answer("Circle of life", "/x", &nonce, ""),
            "the credential is not one that is known",
        ),
        (
            answer(right, "/y", &nonce, ""),
            "the `uri` of the Digest credentials is not the one asked for",
        ),
        (
            answer(right, "/x", "other", ""),
            "the nonce of the Digest credentials is too old",
        ),
        (
            answer(right, "/x", &nonce, ", opaque=\"x\""),
            "the Digest credentials answer another challenge",
        ),
        (
            answer(right, "/x", &nonce, "").replace("qop=auth", "qop=auth-int"),
            "the Digest credentials lack `qop=auth` with `nc` and `cnonce`",
        ),
        (
            answer(right, "/x", &nonce, "").replace("SHA-256", "SHA-512-256"),
            "the `algorithm` of the Digest credentials is not offered",
        ),
    ] {
        assert_eq!(refused(&api, &sent), detail);
    }
    let stale = ask(&api, &answer(right, "/x", "other", "")).is(401);
    assert!(challenges(&stale)[0].ends_with(", stale=true"));
}

const DOCUMENT: &str = "
openapi: 3.1.0
info: {title: T, version: '1'}
security: [{key: []}, {token: [a]}]
paths: {/x: {get: {responses: {'204': {description: Right}}}}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    token: {type: oauth2, flows: {}}
";

#[test]
fn tokens_that_are_printed_and_minted_are_verified() {
    let folder = Folder::of(&[("api.yaml", DOCUMENT), ("jwks.json", KEYS)]);
    let options = [
        "--auth-secret",
        "s3cret",
        "--auth-audience",
        "things",
        "--auth-issuer",
        "me",
    ];
    let serve = [
        &["api.yaml", "--auth", "verify", "--auth-jwks", "jwks.json"][..],
        &options,
    ]
    .concat();
    // The notes on keys that aren't used come before the line that it listens.
    let keys: Value = serde_json::from_str(KEYS).expect("JSON");
    let usable: Vec<&Value> = keys["keys"]
        .as_array()
        .expect("keys")
        .iter()
        .take(4)
        .collect();
    folder.write("jwks.json", json!({"keys": usable}).to_string());
    let running = start(folder.path(), &serve);
    assert_eq!(running.listening["auth"], "verify");
    let get = |field: &str| running.send(request("GET /x", field, "")).status();
    let print = |options: &[&str]| {
        let printed = run(checkout(), &[&["token", "--scope", "a"], options].concat());
        printed.out.trim_end().to_owned()
    };
    let printed = print(&options);
    assert_eq!(get(&format!("Authorization: Bearer {printed}\r\n")), 204);
    for other in [&[][..], &["--auth-secret", "other"], &options[..2]] {
        assert_eq!(
            get(&format!("Authorization: Bearer {}\r\n", print(other))),
            401
        );
    }
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    let minted = running.send(request("POST /_counterpart/tokens", form, "scope=a"));
    let minted = minted.json()["access_token"]
        .as_str()
        .expect("a token")
        .to_owned();
    assert_eq!(get(&format!("Authorization: Bearer {minted}\r\n")), 204);
    assert_eq!(get("X-Key: any\r\n"), 204);
}

#[test]
fn what_is_verified_is_said_at_start() {
    let folder = Folder::of(&[("api.yaml", DOCUMENT), ("jwks.json", KEYS)]);
    let banner = |arguments: &[&str]| {
        let arguments = [&["api.yaml", "--port", "0"], arguments].concat();
        let mut command = command(folder.path(), &arguments);
        command.env("COUNTERPART_AUTH_SECRET", "s3cret");
        let mut child = command.spawn().expect("it starts");
        std::thread::sleep(std::time::Duration::from_millis(700));
        child.kill().expect("it can be ended");
        let out = child.wait_with_output().expect("an end");
        String::from_utf8(out.stderr).expect("UTF-8")
    };
    let plain = banner(&[]);
    assert!(plain.contains("\n  token      eyJ"), "{plain}");
    assert!(
        plain.contains("\n  send       the header field X-Key\n"),
        "{plain}"
    );
    assert!(!plain.contains("  auth  "), "{plain}");
    let off = banner(&["--auth", "off"]);
    assert!(
        off.contains("\n  auth       off: no credential is asked for\n"),
        "{off}"
    );
    assert!(
        !off.contains("  token  ") && !off.contains("  send  "),
        "{off}"
    );
    let verify = banner(&["--auth", "verify", "--auth-jwks", "jwks.json"]);
    let note = "  auth       credentials are verified, but for those of key: they have no --auth-credential";
    assert!(verify.contains(note), "{verify}");
    assert!(
        verify.contains("this key isn't used: it is not for verifying signatures"),
        "{verify}"
    );
    let known = banner(&["--auth", "verify", "--auth-credential", "key=k"]);
    assert!(
        known.contains("  auth       credentials are verified\n"),
        "{known}"
    );
    for text in [plain, off, verify, known] {
        assert!(!text.contains("s3cret"), "{text}");
    }
}

#[test]
fn options_that_have_no_effect_or_name_nothing_are_refused() {
    let folder = Folder::of(&[("api.yaml", DOCUMENT), ("none.json", "{\"keys\": []}")]);
    for (arguments, code, told) in [
        (
            &["--auth-credential", "key=k"][..],
            2,
            "--auth-credential has no effect without --auth verify",
        ),
        (
            &["--auth-jwks", "none.json"],
            2,
            "--auth-jwks has no effect without --auth verify",
        ),
        (&["--auth", "Maybe"], 2, "presence"),
        (&["--auth-secret", ""], 2, "--auth-secret"),
        (
            &["--auth", "verify", "--auth-credential", "key"],
            2,
            "an equals sign",
        ),
        (
            &["--auth", "verify", "--auth-credential", "kye=k"],
            3,
            "there is no security scheme `kye` that an operation asks for",
        ),
        (
            &["--auth", "verify", "--auth-jwks", "none.json"],
            3,
            "none.json: there is no key in it",
        ),
        (
            &["--auth", "verify", "--auth-jwks", "gone.json"],
            3,
            "gone.json: can't be read",
        ),
    ] {
        let ended = run(folder.path(), &[&["api.yaml"], arguments].concat());
        assert_eq!(ended.code, Some(code), "{arguments:?}: {ended:?}");
        assert!(ended.err.contains(told), "{arguments:?}: {}", ended.err);
        assert!(!ended.err.contains("key=k") || code == 2, "{}", ended.err);
    }
    let mut several = command(folder.path(), &["api.yaml", "--auth", "verify"]);
    several.env("COUNTERPART_AUTH_CREDENTIAL", "key=a\nlost=b");
    let ended = finish(several);
    assert!(
        ended.err.contains("`lost`") && !ended.err.contains("`key`"),
        "{}",
        ended.err
    );
}
