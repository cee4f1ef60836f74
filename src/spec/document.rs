use super::dialect::Dialect;
use super::files::{Files, Loading, Reach};
use super::lift::Vocabulary;
use super::model::{Message, Misread, Operation, SecurityRequirement, Stub};
use super::notes::Notes;
use super::reader::{Reader, operations_of};
use super::servers::{BasePath, ServerVariable, base_paths};
use super::tree::{At, Node, Tree};
use super::{LoadError, Origin, Overlay, Place, Source, v20};
use crate::wire::Pointer;
use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// Whether what stands below a key is data, and no schema.
pub(super) fn is_data(name: &str) -> bool {
    let data = ["example", "examples", "default", "enum", "const", "value"];
    data.contains(&name) || name.starts_with("x-")
}

/// How many references may lead to references before it is taken for a loop.
const CHAIN_LIMIT: usize = 100;

/// An OpenAPI document as read: its files, and which operations there are. What an operation says
/// is read when someone asks for it.
#[derive(Debug)]
pub struct Document {
    pub(super) files: Files,
    vocabularies: Vec<Vocabulary>,
    /// Those of schemas within files that have an `$id` and a `$schema`.
    embedded: HashMap<At, Vocabulary>,
    /// The version, by the way its objects are read.
    pub dialect: Dialect,
    /// `info.title`, or the file's name where there is none.
    pub title: String,
    /// `info.version`.
    pub version: String,
    /// The base paths of its servers.
    base_paths: Arc<[BasePath]>,
    /// The operations, in document order.
    pub operations: Vec<Stub>,
    /// What of `paths` can't be followed.
    pub faults: Vec<LoadError>,
    /// The paths of which no operation is known, as what they refer to can't be read; and why.
    pub unread: Vec<(Arc<str>, LoadError)>,
    /// Schemas that stand nowhere in the text: those of 2.0's forms.
    made: Option<Made>,
    /// The names of the schemas that its main file keeps by name, by where they stand.
    schema_names: OnceLock<HashMap<At, String>>,
    /// The schemas of its main file that are derived from another.
    pub(super) children: OnceLock<HashMap<At, Vec<At>>>,
}

/// What reading a document takes beside its text.
#[derive(Debug, Clone, Copy)]
pub struct Opening<'o> {
    /// Where it stands, without which it can't refer to other files.
    pub path: Option<&'o Path>,
    /// What its references may reach.
    pub reach: &'o Reach,
    /// What changes it before anything else reads it, in this order.
    pub overlays: &'o [&'o Overlay],
}

#[derive(Debug)]
struct Made {
    tree: Tree,
    schemas: HashMap<At, At>,
    operations: Vec<At>,
}

/// The number of the file that no text is behind.
const MADE: u32 = u32::MAX;

impl Document {
    /// Reads a document; fails where it is no OpenAPI document of a version that is read.
    pub fn read(source: Source, opening: &Opening<'_>) -> Result<Document, Vec<LoadError>> {
        let source = Arc::new(source);
        let tree = source.tree().map_err(|error| vec![error])?;
        let mut faults = Vec::new();
        let changed = match opening.overlays.is_empty() {
            true => None,
            false => {
                let mut value = tree.root().value();
                for overlay in opening.overlays {
                    faults.extend(overlay.apply(&mut value).map_err(|error| vec![error])?);
                }
                Some(Tree::of(&value, 0))
            }
        };
        let root = changed.as_ref().unwrap_or(tree).root();
        let dialect = Dialect::of(root).map_err(|misread| {
            let pointer = root.tree().pointer(misread.at.node);
            vec![LoadError::new(
                &source,
                Place::Value(pointer),
                misread.message,
            )]
        })?;
        let info = |member: &str| {
            let text = root.get("info")?.get(member)?.written()?;
            Some(text.into_owned())
        };
        // The folder is nobody's business who is told the title.
        let file = || source.name().rsplit(['/', '\\']).next().map(str::to_owned);
        let title = info("title").or_else(file).unwrap_or_default();
        let version = info("version").unwrap_or_default();
        let loading = Loading {
            names_count: dialect >= Dialect::V31,
            reach: opening.reach,
            path: opening.path,
        };
        let files = Files::load(Arc::clone(&source), changed, &loading);
        let roots = files.roots();
        let vocabularies = roots.map(|root| Vocabulary::of(dialect, root)).collect();
        let embedded = files.embedded().filter(|at| {
            let schema = files.node(*at).get("$schema");
            schema.is_some_and(|schema| schema.text().is_some())
        });
        let embedded = embedded
            .map(|at| (at, Vocabulary::of(dialect, files.node(at))))
            .collect();
        let mut document = Document {
            files,
            vocabularies,
            embedded,
            dialect,
            title,
            version,
            base_paths: Arc::from([]),
            operations: Vec::new(),
            unread: Vec::new(),
            faults,
            made: None,
            schema_names: OnceLock::new(),
            children: OnceLock::new(),
        };
        document.check_info();
        document.base_paths = match dialect {
            Dialect::V20 => {
                let base = document.root().get("basePath").and_then(Node::text);
                base_paths(&base.unwrap_or_default(), &[]).into()
            }
            _ => servers(document.root()).unwrap_or_else(|| Arc::from([])),
        };
        document.find_operations();
        if dialect == Dialect::V20 {
            let (schemas, operations) = v20::form_schemas(&document);
            let tree = Tree::of(&schemas, MADE);
            let nodes = tree.root().items().map(Node::at);
            let schemas = operations.iter().copied().zip(nodes).collect();
            document.made = Some(Made {
                tree,
                schemas,
                operations,
            });
        }
        Ok(document)
    }

    /// What tells which API this is; without it, it's served under its file's name.
    fn check_info(&mut self) {
        let root = self.root();
        let fault = match root.get("info") {
            None => Some((root, "the document has no `info`".to_owned())),
            Some(info) => ["title", "version"].iter().find_map(|member| {
                let text = info.get(member).and_then(Node::written);
                text.is_none()
                    .then(|| (info, format!("`info` needs a `{member}`, a text")))
            }),
        };
        let fault = fault.map(|(node, message)| self.error(node.at(), message));
        self.faults.extend(fault);
    }

    fn find_operations(&mut self) {
        let mut operations = Vec::new();
        let (mut faults, mut unread) = (Vec::new(), Vec::new());
        let paths = self.root().get("paths").map(|paths| self.resolve(paths));
        if let Some(Err(misread)) = paths {
            faults.push(self.misread(misread));
        }
        let paths = self.paths();
        for (path, written) in paths.into_iter().flat_map(Node::entries) {
            if !path.starts_with('/') {
                continue;
            }
            let path: Arc<str> = path.into();
            // A path item may be a reference and say things of its own beside it (3.1.1 §4.8.9).
            let mut items = vec![written];
            let mut misread_as = None;
            if written.get("$ref").is_some() {
                match self.resolve(written) {
                    Ok(item) => items.push(item),
                    Err(misread) => {
                        let error = self.misread(misread);
                        misread_as = Some(error.clone());
                        faults.push(error);
                    }
                }
            }
            let first = operations.len();
            for item in items {
                for (method, operation) in operations_of(item, self.dialect) {
                    // No version lets an operation be a reference, but it means one thing only.
                    let operation = self.resolve(operation).unwrap_or(operation);
                    let known = |stub: &Stub| stub.method == method;
                    if !operations[first..].iter().any(known) {
                        operations.push(Stub {
                            method,
                            path: Arc::clone(&path),
                            at: operation.at(),
                            item: item.at(),
                        });
                    }
                }
            }
            if operations.len() == first {
                unread.extend(misread_as.map(|error| (path, error)));
            }
        }
        self.operations = operations;
        self.unread = unread;
        self.faults.extend(faults);
    }

    /// The root of the document.
    pub fn root(&self) -> Node<'_> {
        self.files.tree(0).root()
    }

    /// The object of the paths, which may stand in a file of its own.
    pub fn paths(&self) -> Option<Node<'_>> {
        self.resolve(self.root().get("paths")?).ok()
    }

    /// The file that was named.
    pub fn source(&self) -> &Arc<Source> {
        self.files.source(0)
    }

    /// All its files, the one that was named first.
    pub fn sources(&self) -> impl Iterator<Item = &Arc<Source>> {
        self.files.sources()
    }

    /// The roots of all its files, in the same order.
    pub fn roots(&self) -> impl Iterator<Item = Node<'_>> {
        self.files.roots()
    }

    /// The node at a place.
    pub fn node(&self, at: At) -> Node<'_> {
        match &self.made {
            Some(made) if at.file == MADE => made.tree.node(at.node),
            _ => self.files.node(at),
        }
    }

    /// Reads an operation.
    pub fn operation(&self, stub: &Stub) -> Result<Operation, LoadError> {
        let reader = self.reader();
        let operation = reader.operation(stub);
        let mut operation = operation.map_err(|misread| self.misread(misread))?;
        let notes = reader.notes.into_inner();
        operation.notes = notes.into_iter().map(|note| self.misread(note)).collect();
        Ok(operation)
    }

    /// The webhooks by their names (OpenAPI 3.1.1 §4.8.1; `x-webhooks` where a document can't have
    /// them yet), and where the path item of each stands.
    fn webhook_items(&self) -> impl Iterator<Item = (Cow<'_, str>, Node<'_>)> {
        let member = match self.dialect >= Dialect::V31 {
            true => "webhooks",
            false => "x-webhooks",
        };
        let items = self.root().get(member).into_iter().flat_map(Node::entries);
        items.filter(|(name, item)| item.is_object() && !name.starts_with("x-"))
    }

    /// The names of the webhooks.
    pub fn webhook_names(&self) -> impl Iterator<Item = String> {
        self.webhook_items().map(|(name, _)| name.into_owned())
    }

    /// Reads the webhooks: each request that they describe, and what of them can't be read.
    pub fn webhooks(&self) -> (Vec<Message>, Vec<LoadError>) {
        let reader = self.reader();
        let webhooks = self.webhook_items();
        let messages = webhooks.flat_map(|(name, item)| reader.webhook(&name, item));
        let messages = messages.collect();
        let notes = reader.notes.into_inner().into_iter();
        (messages, notes.map(|note| self.misread(note)).collect())
    }

    /// What an operation asks of its caller, and nothing else of it.
    pub fn security(&self, stub: &Stub) -> Vec<SecurityRequirement> {
        let own = self.node(stub.at).get("security");
        let security = own.or_else(|| self.root().get("security"));
        security.map_or_else(Vec::new, |security| self.reader().security(security))
    }

    /// The base paths of the document's servers.
    pub fn common_base_paths(&self) -> &[BasePath] {
        &self.base_paths
    }

    /// The base paths that an operation stands under: those of its own servers, else of its path
    /// item's, else of the document's (OpenAPI 3.1.1 §4.8.10).
    pub fn base_paths(&self, stub: &Stub) -> Arc<[BasePath]> {
        let own = [stub.at, stub.item]
            .into_iter()
            .find_map(|at| servers(self.node(at)));
        own.unwrap_or_else(|| Arc::clone(&self.base_paths))
    }

    /// Where the path of an operation is written.
    pub fn path_at(&self, stub: &Stub) -> At {
        let paths = self.root().get("paths");
        let paths = paths.and_then(|paths| self.resolve(paths).ok());
        let item = paths.and_then(|paths| paths.get(&stub.path));
        item.map_or(stub.item, Node::at)
    }

    fn reader(&self) -> Reader<'_> {
        Reader {
            document: self,
            dialect: self.dialect,
            notes: Notes::default(),
        }
    }

    /// Follows `$ref` to what it names, however many references lead there.
    pub(super) fn resolve<'d>(&'d self, node: Node<'d>) -> Result<Node<'d>, Misread> {
        let mut node = node;
        for _ in 0..CHAIN_LIMIT {
            let Some(reference) = node.get("$ref") else {
                return Ok(node);
            };
            let Some(text) = reference.text() else {
                return Ok(node);
            };
            node = self.target(reference, &text)?;
        }
        Err(Misread::at(node, "these references lead in a circle"))
    }

    /// The members of a map, which may stand elsewhere as a whole.
    pub fn resolve_map<'d>(&'d self, node: Node<'d>) -> Option<Node<'d>> {
        self.resolve(node).ok().filter(|map| map.is_object())
    }

    /// Where the schema stands that one refers to, or that it is itself.
    pub fn referred(&self, at: At) -> At {
        let node = self.resolve(self.node(at));
        node.map_or(at, Node::at)
    }

    /// What a node stands in.
    pub fn parent<'d>(&self, node: Node<'d>) -> Option<Node<'d>> {
        let tree = node.tree();
        tree.parent(node.number()).map(|parent| tree.node(parent))
    }

    /// The name under which the main file keeps a schema, where it does.
    pub fn schema_name(&self, at: At) -> Option<&str> {
        let names = self.schema_names.get_or_init(|| {
            let all = self.named_schemas();
            all.map(|(name, schema)| (schema.at(), name.into_owned()))
                .collect()
        });
        names.get(&at).map(String::as_str)
    }

    /// The schemas that the main file keeps by name, in document order.
    pub fn named_schemas(&self) -> impl Iterator<Item = (Cow<'_, str>, Node<'_>)> {
        let root = self.root();
        let components = root.get("components").and_then(|of| of.get("schemas"));
        let holders = [components, root.get("definitions")];
        holders.into_iter().flatten().flat_map(Node::entries)
    }

    /// Where a reference leads that stands at `holder`.
    pub(super) fn target<'d>(
        &'d self,
        holder: Node<'d>,
        reference: &str,
    ) -> Result<Node<'d>, Misread> {
        let mut at = holder.at();
        if at.file == MADE {
            at = At::default();
        }
        self.files
            .target(at, reference)
            .map_err(|message| Misread::at(holder, message))
    }

    /// Where the `$ref` of a schema leads, or why nowhere.
    pub fn follow(&self, holder: At, reference: &str) -> Result<At, LoadError> {
        self.target(self.node(holder), reference)
            .map(Node::at)
            .map_err(|misread| self.misread(misread))
    }

    /// What stands in a file that is no document, such as an example's: found as references are.
    pub(super) fn attachment(&self, named: Node<'_>, reference: &str) -> Result<Vec<u8>, Misread> {
        let read = self.files.attachment(named.at(), reference);
        read.map_err(|message| Misread::at(named, message))
    }

    /// The reference that leads to a place from anywhere.
    pub fn reference(&self, at: At) -> String {
        let pointer = self.files.tree(at.file).pointer(at.node);
        let fragment: String = pointer
            .as_str()
            .bytes()
            .map(|byte| match byte {
                b'/' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
                byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
                byte => format!("%{byte:02X}"),
            })
            .collect();
        format!("{}#{fragment}", self.files.uri(at.file))
    }

    /// The schema of an operation's form, in 2.0.
    pub(super) fn form_schema(&self, operation: At) -> Option<At> {
        self.made.as_ref()?.schemas.get(&operation).copied()
    }

    /// The file and the pointer of a place.
    pub fn origin(&self, at: At) -> Origin {
        if let Some(made) = self.made.as_ref().filter(|_| at.file == MADE) {
            // What was made of parameters is told as where the operation stands.
            let pointer = made.tree.pointer(at.node);
            let index = pointer.tokens().next().and_then(|token| token.parse().ok());
            let operation = index.and_then(|index: usize| made.operations.get(index));
            return self.origin(operation.copied().unwrap_or_default());
        }
        Origin {
            source: Arc::clone(self.files.source(at.file)),
            pointer: self.files.tree(at.file).pointer(at.node),
        }
    }

    /// An error about the value at a place.
    pub fn error(&self, at: At, message: impl Into<String>) -> LoadError {
        let origin = self.origin(at);
        LoadError::new(&origin.source, Place::Value(origin.pointer), message)
    }

    /// An error about the member that stands at a place, shown by its key.
    pub fn error_at_key(&self, at: At, message: impl Into<String>) -> LoadError {
        let origin = self.origin(at);
        LoadError::new(&origin.source, Place::Key(origin.pointer), message)
    }

    fn misread(&self, misread: Misread) -> LoadError {
        match misread.is_key {
            true => self.error_at_key(misread.at, misread.message),
            false => self.error(misread.at, misread.message),
        }
    }

    /// A node by a pointer into the root file.
    pub fn at(&self, pointer: &Pointer) -> Option<Node<'_>> {
        self.files.tree(0).at(pointer)
    }

    /// A node by a pointer into the file that a place is in.
    pub fn beside(&self, at: At, pointer: &Pointer) -> Option<Node<'_>> {
        self.node(at).tree().at(pointer)
    }

    /// How the schemas around a place are written.
    pub fn vocabulary(&self, at: At) -> Vocabulary {
        match at.file {
            MADE => self.vocabularies[0],
            file => {
                let whole = self.vocabularies[file as usize];
                match self.embedded.is_empty() {
                    true => whole,
                    false => {
                        let own = self.embedded.get(&self.files.resource(at));
                        own.copied().unwrap_or(whole)
                    }
                }
            }
        }
    }

    /// The patterns of its schemas: where each stands, and what it is. What stands in examples and
    /// the like is data.
    pub fn patterns(&self) -> impl Iterator<Item = (At, String)> {
        self.files.patterns().filter_map(move |node| {
            let pattern = node.text()?;
            let place = node.tree().pointer(node.number());
            let is_schemas = !place.tokens().any(|name| is_data(&name));
            is_schemas.then(|| (node.at(), pattern.into_owned()))
        })
    }

    /// How many bytes its files have.
    pub fn size(&self) -> usize {
        self.sources().map(|source| source.text().len()).sum()
    }

    /// Whether there is any `$dynamicAnchor`.
    pub fn is_dynamic(&self) -> bool {
        self.files.is_dynamic()
    }

    /// Whether any of its schemas may be for one side alone: `readOnly` or `writeOnly`.
    pub fn has_flags(&self) -> bool {
        self.files.has_flags() || self.made.as_ref().is_some_and(|made| made.tree.has_flags)
    }

    /// The `$dynamicAnchor`s of the resource that a place is in (JSON Schema core §8.2.2).
    pub fn dynamic_anchors(&self, at: At) -> &[(String, At)] {
        match at.file {
            MADE => &[],
            _ => self.files.dynamic_anchors(self.files.resource(at)),
        }
    }
}

/// The base paths of what has servers of its own.
fn servers(holder: Node<'_>) -> Option<Arc<[BasePath]>> {
    let servers = holder.get("servers").filter(|servers| servers.is_array())?;
    let mut paths: Vec<BasePath> = Vec::new();
    for server in servers.items() {
        let declared = server.get("variables").into_iter().flat_map(Node::entries);
        let declared: Vec<_> = declared
            .map(|(name, variable)| {
                let values = variable.get("enum").into_iter().flat_map(Node::items);
                let values: Vec<_> = values.filter_map(Node::text).collect();
                (name, variable.get("default").and_then(Node::text), values)
            })
            .collect();
        let variables: Vec<ServerVariable<'_>> = declared
            .iter()
            .map(|(name, default, values)| ServerVariable {
                name,
                default: default.as_deref(),
                values: values.iter().map(|value| &**value).collect(),
            })
            .collect();
        let url = server.get("url").and_then(Node::text).unwrap_or_default();
        for path in base_paths(&url, &variables) {
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
    }
    // An empty list says nothing of its own.
    (servers.items().next().is_some()).then(|| paths.into())
}
