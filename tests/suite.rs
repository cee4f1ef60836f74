//! The JSON Schema Test Suite, put to us as a user would: each schema is a file that an OpenAPI
//! document refers to, and each instance a request body.

use crate::process::Folder;
use counterpart::contract::{Contract, Loading};
use counterpart::spec::Source;
use counterpart::wire::{Method, Request, header};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// Where the cases of a draft apply: in which version of OpenAPI, and what a schema's file says
/// under `$schema` for it. 3.1 is after 2020-12, 3.0 after draft 4; a file may name another draft.
struct Dialect {
    draft: &'static str,
    openapi: &'static str,
    schema: Option<&'static str>,
}

const DIALECTS: [Dialect; 5] = [
    Dialect {
        draft: "draft2020-12",
        openapi: "3.1.1",
        schema: None,
    },
    Dialect {
        draft: "draft4",
        openapi: "3.0.4",
        schema: None,
    },
    Dialect {
        draft: "draft2019-09",
        openapi: "3.1.1",
        schema: Some("https://json-schema.org/draft/2019-09/schema"),
    },
    Dialect {
        draft: "draft7",
        openapi: "3.1.1",
        schema: Some("http://json-schema.org/draft-07/schema#"),
    },
    Dialect {
        draft: "draft6",
        openapi: "3.1.1",
        schema: Some("http://json-schema.org/draft-06/schema#"),
    },
];

const ASSERTED: &str = "a format is asserted, as readers of OpenAPI expect";
const NO_ID: &str = "OpenAPI 3.0 takes no `id` over from draft 4 (3.0.4 §4.7.24)";
const NOT_CARRIED: &str = "of metaschemas that of 2020-12 alone is carried along";
const ONE_VOCABULARY: &str = "no `$vocabulary` is read: all of 2020-12 counts in any dialect";
const ONLY_SAID: &str = "what a text contains is said, and not judged, since 2019-09";
const SAME_NUMBER: &str = "1.0 is an integer in every version of OpenAPI";

/// What stays otherwise: how the file's name ends, how the group's begins, and why.
const EXCEPTIONS: [(&str, &str, &str); 19] = [
    ("draft2020-12/format", "", ASSERTED),
    (
        "draft2019-09/vocabulary",
        "schema that uses",
        ONE_VOCABULARY,
    ),
    (
        "draft2020-12/vocabulary",
        "schema that uses",
        ONE_VOCABULARY,
    ),
    ("draft2019-09/defs", "validate definition", NOT_CARRIED),
    ("draft2019-09/ref", "remote ref, containing", NOT_CARRIED),
    ("draft7/definitions", "validate definition", NOT_CARRIED),
    ("draft7/ref", "remote ref, containing", NOT_CARRIED),
    ("draft6/definitions", "validate definition", NOT_CARRIED),
    ("draft6/ref", "remote ref, containing", NOT_CARRIED),
    ("draft4/definitions", "validate definition", NOT_CARRIED),
    ("draft4/ref", "remote ref, containing", NOT_CARRIED),
    ("draft4/ref", "$ref prevents a sibling id", NO_ID),
    ("draft4/ref", "Location-independent identifier", NO_ID),
    ("draft4/ref", "Recursive references between", NO_ID),
    ("draft4/ref", "id must be resolved against", NO_ID),
    ("draft4/refRemote", "", NO_ID),
    ("draft4/optional/id", "id inside an enum", NO_ID),
    ("draft7/optional/content", "", ONLY_SAID),
    ("draft4/optional/zeroTerminatedFloats", "", SAME_NUMBER),
];

#[test]
#[ignore = "needs the JSON Schema Test Suite, which .ci/suite puts into target/"]
fn the_json_schema_test_suite_passes() {
    let folder = std::env::var_os("JSON_SCHEMA_TEST_SUITE");
    let folder = folder.map_or_else(|| PathBuf::from("target/suite"), PathBuf::from);
    let mut files = Vec::new();
    for dialect in &DIALECTS {
        let cases = folder.join("tests").join(dialect.draft);
        let mut found = Vec::new();
        collect(&cases, &mut found);
        assert!(!found.is_empty(), "no cases in {}", cases.display());
        files.extend(found.into_iter().map(|file| (file, dialect)));
    }
    let next = AtomicUsize::new(0);
    let told = Mutex::new(Told::default());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some((file, dialect)) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    judge(&folder, file, dialect, &told);
                }
            });
        }
    });
    let told = told.into_inner().expect("no panic");
    assert!(told.count > 5_000, "there are {} cases only", told.count);
    let failed: Vec<String> = told.failed.into_iter().collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    let vain = (0..EXCEPTIONS.len()).filter(|number| !told.excused.contains(number));
    let vain: Vec<_> = vain.map(|number| EXCEPTIONS[number]).collect();
    assert!(vain.is_empty(), "no exceptions any more: {vain:#?}");
}

#[derive(Default)]
struct Told {
    count: usize,
    failed: BTreeSet<String>,
    /// The exceptions that were needed.
    excused: BTreeSet<usize>,
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => collect(&path, files),
            false => files.push(path),
        }
    }
}

/// Judges the cases of a file.
fn judge(suite: &Path, file: &Path, dialect: &Dialect, told: &Mutex<Told>) {
    let name = file.strip_prefix(suite.join("tests")).expect("a case");
    let name = name.with_extension("").display().to_string();
    let source = Source::read(file, "cases.json").expect("read");
    let groups = Arc::new(source).parse().expect("JSON");
    for group in groups.as_array().expect("groups") {
        let title = text(group, "description");
        let contract = load(suite, &group["schema"], dialect);
        let cases = group["tests"].as_array().expect("cases");
        let mut failed = Vec::new();
        for case in cases {
            let judged = match &contract {
                Ok(contract) => put(contract, &case["data"]),
                Err(error) => error.clone(),
            };
            let right = match case["valid"] == Value::Bool(true) {
                true => judged == "204",
                // An empty object where members are needed is 400.
                false => judged == "422" || judged == "400",
            };
            if !right {
                let case = text(case, "description");
                failed.push(format!("{name}: {title}: {case}: {judged}"));
            }
        }
        let excuse = EXCEPTIONS
            .iter()
            .position(|(file, group, _)| name.ends_with(file) && title.starts_with(group));
        let mut told = told.lock().expect("no panic");
        told.count += cases.len();
        match excuse {
            Some(excuse) if !failed.is_empty() => {
                told.excused.insert(excuse);
            }
            _ => told.failed.extend(failed),
        }
    }
}

fn text<'v>(value: &'v Value, member: &str) -> &'v str {
    value[member].as_str().expect("a text")
}

/// A contract whose one body is of this schema.
fn load(suite: &Path, schema: &Value, dialect: &Dialect) -> Result<Contract, String> {
    let document = format!(
        "openapi: {}
info: {{title: Suite, version: '1'}}
paths:
  /:
    put:
      requestBody:
        required: true
        content: {{application/json: {{schema: {{$ref: schema.json}}}}}}
      responses: {{'204': {{description: Taken}}}}
",
        dialect.openapi
    );
    let mut schema = schema.clone();
    if let (Value::Object(members), Some(draft)) = (&mut schema, dialect.schema) {
        members.entry("$schema").or_insert_with(|| draft.into());
    }
    let schema = schema.to_string();
    let folder = Folder::of(&[("openapi.yaml", &document), ("schema.json", &schema)]);
    let remotes = suite.join("remotes");
    let mut loading = Loading::default();
    let stand_in = format!("http://localhost:1234/={}", remotes.display());
    loading.reach.allowed.push(stand_in);
    let contract = Contract::load_with(&folder.path().join("openapi.yaml"), None, &loading);
    contract.map_err(|errors| errors.to_string())
}

/// The status that a body is answered with, and why where that is the contract's fault.
fn put(contract: &Contract, body: &Value) -> String {
    let request = Request::new(Method::PUT, "/")
        .with_header(header::CONTENT_TYPE, "application/json")
        .with_body(body.to_string());
    let status = contract.answer(request).reply.status.as_u16();
    match contract.warnings().first() {
        Some(warning) if status == 501 => format!("501 {warning}"),
        _ => status.to_string(),
    }
}
