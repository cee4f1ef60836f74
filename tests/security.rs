//! Credentials by presence: every scheme, alternatives and combinations, the challenges, scopes.

use crate::harness::{Answer, Counterpart};
use crate::process::Folder;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use counterpart::contract::{AuthMode, AuthSettings, Contract, Loading};
use counterpart::host::Host;
use counterpart::wire::Method;
use serde_json::{Value, json};

const SCHEMES: &str = "
components:
  securitySchemes:
    header: {type: apiKey, in: header, name: X-API-Key}
    query: {type: apiKey, in: query, name: 'api key'}
    cookie: {type: apiKey, in: cookie, name: sid}
    basic: {type: http, scheme: BASIC}
    bearer: {type: http, scheme: bEaReR}
    jwt: {type: http, scheme: bearer, bearerFormat: jwt}
    digest: {type: http, scheme: Digest}
    oauth: {type: oauth2, flows: {clientCredentials: {tokenUrl: /t, scopes: {a: A, b: B, c: C}}}}
    strictOauth: {type: oauth2, x-bearer-format: JWT, flows: {}}
    oidc: {type: openIdConnect, openIdConnectUrl: 'https://example.com/openid'}
    certificate: {type: mutualTLS}
    hoba: {type: http, scheme: hoba}
    dpop: {type: http, scheme: dpop}
    negotiate: {type: http, scheme: Negotiate}
    own: {type: http, scheme: AWS4-HMAC-SHA256, x-credential-pattern: '^Credential=\\S+$'}
";

/// An API of one operation with this security.
pub fn api(security: &str, auth: AuthSettings) -> Counterpart {
    let document = format!(
        "openapi: 3.1.0\ninfo: {{title: \"Café \\\"Ö\\\" API\", version: '1'}}\nsecurity: {security}\n\
         paths: {{/x: {{get: {{responses: {{'204': {{description: Right}}}}}}}}}}\n{SCHEMES}"
    );
    let folder = Folder::of(&[("api.yaml", &document)]);
    let loading = Loading {
        auth,
        ..Loading::default()
    };
    let host = Host::load_with(&[folder.path().join("api.yaml")], &loading);
    Counterpart::of(host.unwrap_or_else(|errors| panic!("{errors}")))
}

/// Asks with a query and header fields; `|` parts what is sent.
pub fn ask(api: &Counterpart, sent: &str) -> Answer {
    let mut parts = sent.split('|').map(str::trim).peekable();
    let query = parts.next_if(|part| part.starts_with('?')).unwrap_or("");
    let mut asking = api.ask(Method::GET, &format!("/x{query}"));
    for field in parts.filter(|part| !part.is_empty()) {
        let (name, value) = field.split_once(':').expect("a field");
        asking = asking.header(name, value.trim());
    }
    asking.send()
}

pub fn challenges(answer: &Answer) -> Vec<&str> {
    let fields = answer.headers.get_all("www-authenticate").iter();
    fields
        .map(|value| value.to_str().expect("a text"))
        .collect()
}

pub fn unsigned(claims: Value) -> String {
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.c2ln", part(json!({"alg": "HS256"})), part(claims))
}

const REALM: &str = r#"realm="Cafe \"O\" API""#;

#[test]
fn a_401_that_is_asked_for_has_the_challenges_of_every_other() {
    let document = "
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /a:
    get:
      security: [{basic: []}]
      responses: {'200': {description: A}, '401': {description: Who}}
  /login:
    get: {responses: {'200': {description: A}, '401': {description: Not so}}}
components: {securitySchemes: {basic: {type: http, scheme: basic}}}
";
    let contract = Contract::from_text("t.yaml", document).unwrap_or_else(|e| panic!("{e}"));
    let api = Counterpart::of(Host::new(vec![("t".to_owned(), contract)]));
    let real = api.get("/a").send().is(401);
    let asked = api.get("/a").header("Authorization", "Basic YTpi");
    let asked = asked.header("Prefer", "code=401").send().is(401);
    assert_eq!(challenges(&asked).len(), 1);
    assert_eq!(challenges(&asked), challenges(&real));
    // What asks for no credential, and says that one is wrong.
    let login = api
        .get("/login")
        .header("Prefer", "code=401")
        .send()
        .is(401);
    assert_eq!(challenges(&login), challenges(&real));
}

#[test]
fn each_scheme_takes_its_credential_and_asks_for_it() {
    let jwt = unsigned(json!({}));
    let digest = "Digest username=\"\", realm=\"\", nonce=\"\", uri=\"\", response=\"\"";
    let encrypted = format!("{}.a.b.c.d", URL_SAFE_NO_PAD.encode(r#"{"enc":"A128GCM"}"#));
    for (scheme, right, wrong, challenge) in [
        (
            "header",
            &["x-api-key: k", "X-API-KEY: a b"][..],
            &["", "x-api-key: ", "?X-API-Key=k", "cookie: X-API-Key=k"][..],
            format!(r#"ApiKey {REALM}, name="X-API-Key", in="header""#),
        ),
        (
            "query",
            &["?api%20key=k", "?a=b&api+key=%6b"],
            &["", "?api+key=", "?api+key", "?API+KEY=k", "api-key: k"],
            format!(r#"ApiKey {REALM}, name="api key", in="query""#),
        ),
        (
            "cookie",
            &["cookie: sid=k", "cookie: a=b; sid=k"],
            &[
                "",
                "cookie: sid=",
                "cookie: SID=k",
                "cookie: xsid=k",
                "?sid=k",
            ],
            format!(r#"ApiKey {REALM}, name="sid", in="cookie""#),
        ),
        (
            "basic",
            &[
                "authorization: basic dGVzdDp0ZXN0",
                "authorization: BASIC Og==",
            ],
            &[
                "",
                "authorization: Basic",
                "authorization: Basic abc123",
                "authorization: Basic dGVzdA==",
                "authorization: Basic test:test",
                "authorization: Bearer dGVzdDp0ZXN0",
                "authorization: Basic dGVzdDp0ZXN0|authorization: Basic dGVzdDp0ZXN0",
            ],
            format!(r#"Basic {REALM}, charset="UTF-8""#),
        ),
        (
            "own",
            &["authorization: aws4-hmac-sha256 Credential=k"],
            &["", "authorization: AWS4-HMAC-SHA256 k"],
            format!("AWS4-HMAC-SHA256 {REALM}"),
        ),
        (
            "negotiate",
            &["authorization: negotiate YII="],
            &["", "authorization: NTLM YII="],
            "Negotiate".to_owned(),
        ),
        (
            "dpop",
            &["authorization: DPoP token"],
            &["", "authorization: Bearer token"],
            format!(r#"DPoP {REALM}, algs="ES256 ES384 EdDSA PS256 RS256""#),
        ),
        (
            "certificate",
            &["client-cert: :MIIB:"],
            &[
                "",
                "client-cert: MIIB",
                "client-cert: :MIIB:|client-cert: :MIIB:",
            ],
            format!("ClientCertificate {REALM}"),
        ),
        (
            "bearer",
            &[
                "authorization: BEARER token",
                "authorization: Bearer a.b-c_d~e+f/g==",
            ],
            &[
                "",
                "authorization: Bearer",
                "authorization: Basic dGVzdDp0ZXN0",
            ],
            format!("Bearer {REALM}"),
        ),
        (
            "oauth",
            &[
                "authorization: bearer token",
                "authorization: Bearer e30.e30.c2ln",
            ],
            &["", "authorization: OAuth token", "?access_token=token"],
            format!("Bearer {REALM}"),
        ),
        (
            "oidc",
            &["authorization: Bearer token"],
            &["", "authorization: Digest abc123"],
            format!("Bearer {REALM}"),
        ),
    ] {
        let api = api(&format!("[{{{scheme}: []}}]"), AuthSettings::default());
        for sent in right {
            assert_eq!(ask(&api, sent).status, 204, "{scheme}: {sent}");
        }
        for sent in wrong {
            let answer = ask(&api, sent);
            assert_eq!(answer.status, 401, "{scheme}: {sent}");
            assert_eq!(challenges(&answer), [&*challenge], "{scheme}: {sent}");
        }
    }
    let of = |scheme: &str| api(&format!("[{{{scheme}: []}}]"), AuthSettings::default());
    let digest_api = of("digest");
    ask(&digest_api, &format!("authorization: {digest}")).is(204);
    for wrong in [
        "",
        "authorization: Digest abc123",
        "authorization: Digest username=a",
    ] {
        let answer = ask(&digest_api, wrong).is(401);
        let told = challenges(&answer);
        assert_eq!(told.len(), 2, "{told:?}");
        for (challenge, algorithm) in told.iter().zip(["SHA-256", "MD5"]) {
            let start = format!(
                "Digest {REALM}, qop=\"auth\", algorithm={algorithm}, opaque=\"counterpart\", charset=UTF-8, nonce=\""
            );
            assert!(challenge.starts_with(&start), "{challenge}");
        }
    }
    let answer = ask(&of("hoba"), "").is(401);
    let start = format!("hoba {REALM}, max-age=\"300\", challenge=\"");
    assert!(
        challenges(&answer)[0]
            .to_lowercase()
            .starts_with(&start.to_lowercase())
    );
    for scheme in ["jwt", "strictOauth"] {
        let api = of(scheme);
        ask(&api, &format!("authorization: Bearer {jwt}")).is(204);
        ask(&api, &format!("authorization: Bearer {encrypted}")).is(204);
        ask(&api, "authorization: Bearer opaque").is(401);
    }
}

#[test]
fn what_is_wrong_with_a_token_is_told_and_nothing_of_it() {
    let over = unsigned(json!({"exp": 1_000}));
    let early = unsigned(json!({"nbf": 9_000_000_000_u64}));
    for (scheme, token, detail) in [
        ("bearer", &*over, "the bearer token has expired"),
        ("oauth", &over, "the bearer token has expired"),
        ("oauth", &early, "the bearer token is not valid yet"),
        ("jwt", "opaque-secret", "the bearer token is not a JWT"),
        (
            "oidc",
            "{secret}",
            "the bearer token has characters that no token has",
        ),
    ] {
        let api = api(&format!("[{{{scheme}: []}}]"), AuthSettings::default());
        let answer = ask(&api, &format!("authorization: Bearer {token}")).is(401);
        let challenge =
            format!("Bearer {REALM}, error=\"invalid_token\", error_description=\"{detail}\"");
        assert_eq!(challenges(&answer), [challenge]);
        assert_eq!(answer.json()["detail"], detail);
        assert!(!answer.text.contains(token), "{}", answer.text);
    }
    let api = api("[{own: []}]", AuthSettings::default());
    let answer = ask(&api, "authorization: AWS4-HMAC-SHA256 s3cret").is(401);
    assert_eq!(
        answer.json()["detail"],
        r"the credential is not of the form ^Credential=\S+$"
    );
}

#[test]
fn one_alternative_is_enough_and_all_of_a_combination_are_needed() {
    let basic = "authorization: Basic dGVzdDp0ZXN0";
    let bearer = "authorization: Bearer token";
    for (security, sent, status, schemes) in [
        ("[]", "", 204, vec![]),
        ("[{}]", "", 204, vec![]),
        ("[{}, {basic: []}]", "", 204, vec![]),
        ("[{basic: []}, {}]", "authorization: Basic x", 204, vec![]),
        ("[{basic: []}, {bearer: []}]", basic, 204, vec![]),
        ("[{basic: []}, {bearer: []}]", bearer, 204, vec![]),
        (
            "[{basic: []}, {bearer: []}]",
            "",
            401,
            vec!["Basic", "Bearer"],
        ),
        (
            "[{bearer: []}, {oauth: []}, {oidc: []}]",
            "",
            401,
            vec!["Bearer"],
        ),
        (
            "[{bearer: []}, {oauth: [a]}]",
            "",
            401,
            vec!["Bearer", "Bearer"],
        ),
        (
            "[{header: [], query: []}]",
            "?api+key=k|x-api-key: k",
            204,
            vec![],
        ),
        (
            "[{header: [], query: []}]",
            "?api+key=k",
            401,
            vec!["ApiKey"],
        ),
        (
            "[{header: [], query: []}]",
            "",
            401,
            vec!["ApiKey", "ApiKey"],
        ),
        ("[{header: [], bearer: []}]", bearer, 401, vec!["ApiKey"]),
        (
            "[{header: [], bearer: []}]",
            "x-api-key: k",
            401,
            vec!["Bearer"],
        ),
        (
            "[{header: [], oauth: [], oidc: []}]",
            &*format!("x-api-key: k|{bearer}"),
            204,
            vec![],
        ),
        (
            "[{header: [], query: []}, {bearer: []}]",
            bearer,
            204,
            vec![],
        ),
        (
            "[{header: [], query: []}, {bearer: []}]",
            "x-api-key: k",
            401,
            vec!["ApiKey", "Bearer"],
        ),
        (
            "[{certificate: [], basic: []}]",
            basic,
            401,
            vec!["ClientCertificate"],
        ),
        ("[{gone: []}]", "", 204, vec![]),
        ("[{gone: [], header: []}]", "", 401, vec!["ApiKey"]),
    ] {
        let api = api(security, AuthSettings::default());
        let answer = ask(&api, sent);
        assert_eq!(answer.status, status, "{security} {sent}: {}", answer.text);
        let told = challenges(&answer);
        let told: Vec<&str> = told.iter().filter_map(|c| c.split(' ').next()).collect();
        assert_eq!(told, schemes, "{security} {sent}");
    }
    let answer = ask(
        &api(
            "[{header: [], basic: []}, {query: []}]",
            AuthSettings::default(),
        ),
        "",
    );
    assert_eq!(
        answer.json()["detail"],
        "no API key is given: send the header field X-API-Key and no credential is given: send \
         Authorization: Basic and user:password in base64; or no API key is given: send the query \
         parameter api key"
    );
}

#[test]
fn scopes_are_those_of_the_nearest_alternative() {
    let bearer = |scopes: &str| {
        format!(
            "authorization: Bearer {}",
            unsigned(json!({"scope": scopes}))
        )
    };
    let api = |security: &str| api(security, AuthSettings::default());
    let nearest = api("[{oauth: [a, b, c]}, {oidc: [b, c]}, {query: []}]");
    ask(&nearest, &bearer("c b")).is(204);
    ask(&nearest, &format!("?api+key=k|{}", bearer("x"))).is(204);
    let answer = ask(&nearest, &bearer("b")).is(403);
    let challenge = format!("Bearer {REALM}, scope=\"b c\", error=\"insufficient_scope\"");
    assert_eq!(challenges(&answer), [challenge]);
    assert_eq!(answer.json()["detail"], "the token doesn't permit c");
    // An absent token is asked for with the scopes it needs.
    let answer = ask(&nearest, "").is(401);
    assert_eq!(
        challenges(&answer)[0],
        format!("Bearer {REALM}, scope=\"a b c\"")
    );
    // A token that says nothing can't be held to its scopes.
    ask(&nearest, "authorization: Bearer opaque").is(204);
    ask(&api("[{jwt: [role]}]"), &bearer("x")).is(403);
    ask(&api("[{header: [role]}]"), "x-api-key: k").is(204);
    ask(&api("[{oauth: [a]}, {}]"), &bearer("x")).is(204);
    // What no challenge may say is left out of it.
    let answer = ask(&api("[{oauth: ['a', 'b c', 'é\"']}]"), "").is(401);
    assert_eq!(
        challenges(&answer),
        [format!("Bearer {REALM}, scope=\"a\"")]
    );
}

#[test]
fn nothing_is_asked_for_where_credentials_are_off() {
    let off = || AuthSettings {
        mode: AuthMode::Off,
        ..AuthSettings::default()
    };
    for sent in ["", "authorization: Bearer ?", "authorization: Basic x"] {
        ask(&api("[{basic: []}, {oauth: [a]}]", off()), sent).is(204);
    }
}

#[test]
fn rules_see_who_asks_and_forbid_nothing_where_credentials_are_off() {
    let document = "
openapi: 3.1.0
info: {title: T, version: '1'}
security: [{token: [a]}]
paths:
  /things/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    patch:
      operationId: change
      requestBody: {content: {application/json: {schema: {type: object, properties: {note: {type: string}}}}}}
      responses:
        '200':
          description: A thing
          content:
            application/json:
              schema: {type: object, properties: {id: {type: string}, note: {type: string}, by: {type: string}}}
components: {securitySchemes: {token: {type: oauth2, flows: {}}}}
";
    let rules = "
operations:
  change:
    authorize: \"'a' in auth.permissions\"
    set: [{at: /by, to: auth.claims.sub}]
";
    let folder = Folder::of(&[
        ("specs/api.yaml", document),
        ("fixtures/api/things.yaml", "[{id: t-1, note: one}]"),
        ("fixtures/api/rules.yaml", rules),
    ]);
    let served = |mode| {
        let auth = AuthSettings {
            mode,
            ..AuthSettings::default()
        };
        let loading = Loading {
            auth,
            ..Loading::default()
        };
        let host = Host::load_with(&[folder.path().join("specs")], &loading);
        Counterpart::of(host.unwrap_or_else(|errors| panic!("{errors}")))
    };
    let send = |api: &Counterpart| {
        let patch = api.patch("/things/t-1").json(json!({"note": "two"}));
        patch.claims(json!({"sub": "ann", "exp": 1})).send()
    };
    send(&served(AuthMode::Presence)).is(401);
    let answer = send(&served(AuthMode::Off)).is(200);
    assert_eq!(answer.json()["by"], "ann");
}

#[test]
fn schemes_of_every_version_are_asked_for() {
    let swagger = "
swagger: '2.0'
info: {title: T, version: '1'}
securityDefinitions:
  login: {type: basic}
  key: {type: apiKey, in: query, name: key}
  token: {type: oauth2, flow: implicit, authorizationUrl: 'https://example.com', scopes: {a: A}}
paths:
  /x: {get: {security: [{login: []}, {key: []}, {token: [a]}], responses: {'204': {description: A}}}}
";
    let newest = "
openapi: 3.2.0
info: {title: T, version: '1'}
components:
  securitySchemes:
    device:
      type: oauth2
      deprecated: true
      oauth2MetadataUrl: https://example.com/.well-known/oauth-authorization-server
      flows: {deviceAuthorization: {deviceAuthorizationUrl: /d, tokenUrl: /t, scopes: {a: A}}}
paths:
  /x: {get: {security: [{device: [a]}], responses: {'204': {description: A}}}}
";
    for (text, schemes) in [
        (swagger, &["Basic", "ApiKey", "Bearer"][..]),
        (newest, &["Bearer"]),
    ] {
        let contract = Contract::from_text("api.yaml", text).expect("a contract");
        assert!(contract.warnings().is_empty(), "{:?}", contract.warnings());
        let api = Counterpart::of(Host::new(vec![("api".to_owned(), contract)]));
        let answer = ask(&api, "").is(401);
        let told = challenges(&answer);
        let told: Vec<&str> = told.iter().filter_map(|c| c.split(' ').next()).collect();
        assert_eq!(told, schemes);
        let token = unsigned(json!({"scp": ["a"]}));
        ask(&api, &format!("authorization: Bearer {token}")).is(204);
        let token = unsigned(json!({"scp": ["b"]}));
        ask(&api, &format!("authorization: Bearer {token}")).is(403);
    }
}

#[test]
fn a_scheme_whose_name_no_header_can_have_is_not_asked_for() {
    let text = "
openapi: 3.1.0
info: {title: T, version: '1'}
security: [{key: [], own: []}]
paths: {/x: {get: {responses: {'204': {description: A}}}}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X API Key}
    own: {type: http, scheme: 'my scheme'}
";
    let contract = Contract::from_text("api.yaml", text).expect("a contract");
    let told: Vec<String> = contract
        .warnings()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        told,
        [
            "api.yaml:8:43: this is no name of a header field: the scheme is not asked for",
            "api.yaml:9:31: this is no name of an HTTP authentication scheme: the scheme is not asked for",
        ]
    );
    let api = Counterpart::of(Host::new(vec![("api".to_owned(), contract)]));
    ask(&api, "").is(204);
}

#[test]
fn what_no_request_can_meet_is_told() {
    let api = api(
        "[{basic: [], bearer: [], header: []}]",
        AuthSettings::default(),
    );
    ask(&api, "").is(401);
    let warnings = api.api().contract().warnings();
    let told: Vec<&str> = warnings.iter().map(|w| w.message.as_str()).collect();
    assert_eq!(
        told,
        [
            "no request can meet this: basic and bearer are all sent in `Authorization`, which is there once"
        ]
    );
}

#[test]
fn many_alternatives_are_told_within_bounds() {
    let names: Vec<String> = (0..500)
        .map(|n| format!("s{n}{}", "x".repeat(200)))
        .collect();
    let declared: String = names
        .iter()
        .map(|name| format!("    {name}: {{type: apiKey, in: header, name: {name}}}\n"))
        .collect();
    let asked: Vec<String> = names.iter().map(|name| format!("{{{name}: []}}")).collect();
    let document = format!(
        "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\nsecurity: [{}]\n\
         paths: {{/x: {{get: {{responses: {{'204': {{description: A}}}}}}}}}}\n\
         components:\n  securitySchemes:\n{declared}",
        asked.join(", ")
    );
    let folder = Folder::of(&[("api.yaml", &document)]);
    let api = Counterpart::of(Host::load(&[folder.path().join("api.yaml")]).expect("it loads"));
    let answer = ask(&api, "").is(401);
    let length: usize = challenges(&answer).iter().map(|c| c.len()).sum();
    assert!((4_000..=8_192).contains(&length), "{length}");
    assert!(answer.text.len() < 4_000, "{}", answer.text.len());
    assert!(answer.text.contains("; or 492 more ways are documented"));
}
