//! Everything that can be said about a document, its fixtures and its rules, all at once.

use super::Unbuilt;
use super::carried::check_carried;
use super::checks::{check_examples, check_expressions, examples};
use super::leads::check_leads;
use super::parts::check_parts;
use super::samples::check_samples;
use super::sides::check_sides;
use super::twofold::check_twofold;
use super::values::{TOLD, check_values};
use super::{AuthSettings, Beginning, Contract, Fixtures, Loading};
pub use crate::mock::Inferred;
use crate::spec::{
    Dialect, Document, Example, LoadError, Opening, Overlay, Place, Severity, Source, Structure,
    check_structure,
};
use crate::wire::Pointer;
use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Topic {
    /// That the document can be read at all.
    Document,
    /// What OpenAPI lets a document say.
    Structure,
    /// Operations and their schemas: that requests can be judged by them.
    Operations,
    /// That the paths of requests are told apart.
    Paths,
    /// Examples and defaults, against their schemas.
    Examples,
    /// Whether replies can be made.
    Replies,
    /// Where links, mappings and texts lead.
    Links,
    /// Fixtures and rules, against the document.
    Fixtures,
}

impl Topic {
    /// All of them, as they are looked at.
    pub const ALL: [Topic; 8] = [
        Topic::Document,
        Topic::Structure,
        Topic::Operations,
        Topic::Paths,
        Topic::Examples,
        Topic::Replies,
        Topic::Links,
        Topic::Fixtures,
    ];

    /// Its name for machines; it stays the same from version to version.
    pub fn name(self) -> &'static str {
        match self {
            Topic::Document => "document",
            Topic::Structure => "structure",
            Topic::Operations => "operations",
            Topic::Paths => "paths",
            Topic::Examples => "examples",
            Topic::Replies => "replies",
            Topic::Links => "links",
            Topic::Fixtures => "fixtures",
        }
    }

    /// What is right where nothing is found, as a sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Topic::Document => "The document can be read",
            Topic::Structure => "The document says what OpenAPI lets it say",
            Topic::Operations => "Requests can be judged by the schemas of their operations",
            Topic::Paths => "Paths are told apart",
            Topic::Examples => "Examples and defaults fit their schemas",
            Topic::Replies => "Replies can be made as they are documented",
            Topic::Links => "Links and mappings lead somewhere",
            Topic::Fixtures => "Fixtures and rules fit the document",
        }
    }
}

/// One thing that was found.
#[derive(Debug, Clone)]
pub struct Finding {
    /// What it is about.
    pub topic: Topic,
    /// How much it matters.
    pub severity: Severity,
    /// What it is, and where.
    pub error: LoadError,
}

impl Finding {
    pub(super) fn new(topic: Topic, severity: Severity, error: LoadError) -> Finding {
        Finding {
            topic,
            severity,
            error,
        }
    }
}

/// What was found in a document and what belongs to it.
#[derive(Debug)]
pub struct Report {
    /// The document, as it was named.
    pub name: String,
    /// Errors before warnings before notes, each in the order of files and places.
    pub findings: Vec<Finding>,
    /// Whether it could be read as a document at all.
    pub is_loaded: bool,
    /// How many operations there are, those that can't be served included.
    pub operations: usize,
    /// The names of the files that it was read from.
    pub files: Vec<String>,
    /// The collections that were inferred from its paths and schemas.
    pub collections: Vec<Inferred>,
}

impl Report {
    /// How many findings there are of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.of(severity).count()
    }

    /// The findings of a severity.
    pub fn of(&self, severity: Severity) -> impl Iterator<Item = &LoadError> {
        let found = self.findings.iter();
        found.filter_map(move |finding| (finding.severity == severity).then_some(&finding.error))
    }

    /// One of a document that can't be read.
    pub fn unread(name: String, errors: Vec<LoadError>) -> Report {
        let error = |error| Finding::new(Topic::Document, Severity::Error, error);
        Report {
            name,
            findings: errors.into_iter().map(error).collect(),
            is_loaded: false,
            operations: 0,
            files: Vec::new(),
            collections: Vec::new(),
        }
    }
}

/// Examines a document as overlays change it, with its fixtures and rules; `more` finds what else
/// there is to warn of.
pub(crate) fn examine(
    path: &Path,
    fixtures: Option<&Path>,
    loading: &Loading,
    overlays: &[&Overlay],
    more: &dyn Fn(&Contract) -> Vec<LoadError>,
) -> Report {
    let name = path.display().to_string();
    let opening = Opening {
        path: Some(path),
        reach: &loading.reach,
        overlays,
    };
    let open = || {
        let source = Source::read(path, &name).map_err(|error| vec![error])?;
        Document::read(source, &opening)
    };
    let document = match open() {
        Ok(document) => Arc::new(document),
        Err(errors) => return Report::unread(name, errors),
    };
    let root = document.root().value();
    let version = document.dialect;
    let mut structure = check_structure(&root, version);
    let warning = |error| Finding::new(Topic::Structure, Severity::Warning, error);
    let mut report = Report {
        name,
        findings: Vec::new(),
        is_loaded: true,
        operations: document.operations.len(),
        files: document
            .sources()
            .map(|source| source.name().to_owned())
            .collect(),
        collections: Vec::new(),
    };
    let flaws = std::mem::take(&mut structure.flaws).into_iter();
    let flaws = flaws.map(|flaw| {
        let severity = flaw.severity;
        Finding::new(
            Topic::Structure,
            severity,
            flaw.into_error(document.source()),
        )
    });
    add(&mut report.findings, flaws.collect());
    let outward = std::mem::take(&mut structure.outward);
    add(&mut report.findings, check_parts(&document, outward));
    let faults = document.faults.iter().cloned();
    add(&mut report.findings, faults.map(warning).collect());
    let looked = (&structure, version, &report);
    let (more, collections) = compiled(&document, fixtures, looked, more);
    report.collections = collections;
    add(&mut report.findings, more);
    arrange(&mut report.findings, document.source().name());
    report
}

/// What comes to light as the contract is compiled.
fn compiled(
    document: &Arc<Document>,
    fixtures: Option<&Path>,
    (structure, version, report): (&Structure, Dialect, &Report),
    more: &dyn Fn(&Contract) -> Vec<LoadError>,
) -> (Vec<Finding>, Vec<Inferred>) {
    let build = |fixtures: Option<&Path>| {
        let mut errors = Vec::new();
        let fixtures = Fixtures::of(fixtures, &mut errors);
        Contract::build(
            Arc::clone(document),
            fixtures,
            &AuthSettings::default(),
            (Beginning::Fixtures, ""),
            errors,
        )
    };
    let of = |topic, severity| move |error| Finding::new(topic, severity, error);
    let mut findings = Vec::new();
    // What is wrong in fixtures and rules must not hide what is wrong in the document.
    let contract = build(fixtures).or_else(|unbuilt| {
        let of_fixtures = of(Topic::Fixtures, Severity::Error);
        findings.extend(unbuilt.errors.into_iter().map(of_fixtures));
        let of_fixtures = of(Topic::Fixtures, Severity::Warning);
        findings.extend(unbuilt.warnings.into_iter().map(of_fixtures));
        build(None)
    });
    let contract = match contract {
        Ok(contract) => contract,
        Err(Unbuilt { errors, .. }) => {
            let of_document = of(Topic::Document, Severity::Error);
            findings.extend(errors.into_iter().map(of_document));
            return (findings, Vec::new());
        }
    };
    // An object that can't be read is told by what is wrong in it, where that is known.
    let flawed: Vec<Pointer> = report.of(Severity::Error).filter_map(pointer).collect();
    let numbers = 0..contract.operations.len();
    let unread: Vec<&Place> = numbers
        .filter_map(|number| Some(&contract.operations.get(number).broken.as_ref()?.place))
        .collect();
    let is_explained = |fault: &LoadError| {
        let at = pointer(fault).unwrap_or_default();
        unread.contains(&&fault.place) && flawed.iter().any(|flaw| at.contains(flaw))
    };
    let survey = contract.survey();
    let faults = survey.faults.iter().filter(|fault| !is_explained(fault));
    let faults = faults.chain(&survey.notes).cloned();
    findings.extend(faults.map(of(Topic::Operations, Severity::Error)));
    // Declarations of other files are known only now.
    let undeclared = check_expressions(document, &contract.operations);
    let undeclared = undeclared.into_iter();
    findings.extend(undeclared.map(of(Topic::Structure, Severity::Error)));
    let ambiguous = survey.ambiguous.iter().cloned();
    findings.extend(ambiguous.map(of(Topic::Paths, Severity::Warning)));
    let unmeetable = contract.unmeetable.iter().cloned();
    findings.extend(unmeetable.map(of(Topic::Operations, Severity::Warning)));
    let untold = contract.untold.iter().cloned();
    findings.extend(untold.map(of(Topic::Fixtures, Severity::Warning)));
    let contents = contract.contents();
    // A text may be a body as it is written out, of which its media type has a say; all other
    // examples in the document are judged with the values of the document.
    let own = |example: &Example| {
        let origin = document.origin(example.at);
        Arc::ptr_eq(&origin.source, document.source()).then_some(origin.pointer)
    };
    let written = examples(contents, &contract.operations).filter(|(.., e)| e.value.is_string());
    let written: HashSet<Pointer> = written.filter_map(|(.., example)| own(example)).collect();
    findings.extend(check_values(contents, structure, version, &written));
    let valued: HashSet<&Pointer> = structure
        .valued
        .iter()
        .map(|valued| &valued.value)
        .collect();
    let is_asked = |example: &Example| {
        let at = own(example).filter(|at| valued.contains(at));
        at.is_none_or(|at| written.contains(&at))
    };
    let more_examples = check_examples(contents, &contract.operations, TOLD, is_asked);
    let more_examples = more_examples.into_iter();
    findings.extend(more_examples.map(of(Topic::Examples, Severity::Warning)));
    findings.extend(check_sides(contract.contents(), &contract.operations));
    findings.extend(check_leads(document, structure));
    findings.extend(check_samples(&contract));
    findings.extend(check_carried(&contract));
    findings.extend(check_twofold(&contract));
    let more = more(&contract).into_iter();
    findings.extend(more.map(of(Topic::Links, Severity::Warning)));
    // Of all schemas that were compiled until now.
    let notes = contract.schemas.notes().into_iter();
    findings.extend(notes.map(of(Topic::Operations, Severity::Warning)));
    (findings, contract.operations.inferred())
}

/// Adds what isn't said yet. What can't be compiled says again, in other words, what its structure
/// says already: at the same place, or, of what is wrong in an object, at a member of it.
fn add(findings: &mut Vec<Finding>, more: Vec<Finding>) {
    let file = |error: &LoadError| Arc::as_ptr(&error.source) as usize;
    let key = |error: &LoadError| {
        let place = format!("{:?}", error.place);
        (file(error), place, error.message.clone())
    };
    let errors = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error);
    let known: HashSet<(usize, Pointer)> = errors
        .filter_map(|finding| Some((file(&finding.error), pointer(&finding.error)?)))
        .collect();
    let holders: HashSet<(usize, Pointer)> = known
        .iter()
        .filter_map(|(file, at)| Some((*file, at.split_last()?.0)))
        .collect();
    let mut told: HashSet<_> = findings.iter().map(|finding| key(&finding.error)).collect();
    for finding in more {
        let at = pointer(&finding.error).map(|at| (file(&finding.error), at));
        let is_error = finding.severity == Severity::Error;
        let is_known = |at| known.contains(at) || is_error && holders.contains(at);
        if !at.as_ref().is_some_and(is_known) && told.insert(key(&finding.error)) {
            findings.push(finding);
        }
    }
}

/// The object or value that an error is about.
fn pointer(error: &LoadError) -> Option<Pointer> {
    let (Place::Value(pointer) | Place::Key(pointer)) = &error.place else {
        return None;
    };
    match pointer.split_last() {
        Some((holder, token)) if token == "$ref" => Some(holder),
        _ => Some(pointer.clone()),
    }
}

/// Errors first; of each severity what is in the document before what is in other files.
fn arrange(findings: &mut [Finding], document: &str) {
    findings.sort_by_cached_key(
        |Finding {
             severity, error, ..
         }| {
            let name = error.source.name().to_owned();
            let is_other = name != document;
            (
                *severity,
                is_other,
                name,
                error.source.span(&error.place).start,
            )
        },
    );
}
