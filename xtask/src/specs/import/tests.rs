//! Imports into a folder that is laid out like `specs/`.

use serde_json::{Value, json};

use super::*;

/// The files that an import reads, in folders of their own.
struct Folders {
    folder: tempfile::TempDir,
}

impl Folders {
    fn new() -> Self {
        let folders = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        for (path, text) in [
            (
                "apis.toml",
                "current = \"2026-09\"\n[[version]]\nname = \"2026-09\"\nmodule = \"v2026_09\"\n",
            ),
            (
                "apis/teams.toml",
                "[api]\nname = \"teams\"\nfeature = \"teams\"\nnouns = { one = \"Team\", many = \"Teams\" }\n\
                 [document]\nversion = \"2026-09\"\nfile = \"documents/teams.yaml\"\npublished = \"teams.json\"\n",
            ),
            (
                "documents/teams.yaml",
                "openapi: 3.0.3\npaths:\n  /teams/2026-09: {}\n",
            ),
            (
                "scopes.toml",
                "# Scopes.\n\n[[scope]]\nname = \"a.read\"\nschemes = [\"oauth2\"]\n\n\
                 [[scope]]\nname = \"z.read\"\nschemes = [\"oauth2\"]\n",
            ),
            (
                "object-types.toml",
                "object_type = []\n[custom]\nscopes = { read = [\"a.read\"], write = [\"a.read\"] }\n",
            ),
            (
                "components/paging.yaml",
                "openapi: 3.0.3\npaths: {}\ncomponents:\n  schemas:\n    Paging:\n      type: object\n      \
                 description: What comes next.\n      properties:\n        next: { type: string }\n",
            ),
            (
                "overlays/ids.yaml",
                "overlay: 1.0.0\ninfo: { title: Ids, version: 1.0.0 }\nactions:\n  - target: \
                 $.components.schemas.Owner.properties.id\n    update: { format: int64 }\n",
            ),
        ] {
            files::write(&folders.specs().join(path), text).unwrap();
        }
        folders.publish("owners.json", &owners());
        folders
    }

    fn specs(&self) -> PathBuf {
        self.folder.path().join("specs")
    }

    fn publish(&self, name: &str, document: &Value) {
        let place = self.folder.path().join("published").join(name);
        files::write(&place, &document.to_string()).unwrap();
    }

    fn import(&self, document: &str, overwrite: bool) -> Result<(), String> {
        let arguments = Arguments {
            api: "owners".to_owned(),
            version: "2026-09".to_owned(),
            published: Some(self.folder.path().join("published")),
            document: Some(document.to_owned()),
            area: Some("crm".to_owned()),
            one: None,
            overwrite,
        };
        import_to(&self.specs(), &arguments).map_err(|error| format!("{error:#}"))
    }

    /// Every file of `specs/`, by path.
    fn files(&self) -> BTreeMap<String, String> {
        let specs = self.specs();
        let paths = files::below(&specs).unwrap();
        let text = |path: &PathBuf| {
            let name = path.strip_prefix(&specs).unwrap().display().to_string();
            (name, files::read(path).unwrap())
        };
        paths.iter().map(text).collect()
    }
}

/// Two operations with the same scopes, not in order, and a schema that `components/` has.
fn owners() -> Value {
    let schema = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let operation = |name: &str| {
        json!({
            "summary": "Words of others.",
            "security": [{"oauth2": ["z.read"]}, {"oauth2": ["new.read"]}, {"oauth2": ["a.read"]}],
            "responses": {"200": {"description": "Words of others.", "content": {
                "application/json": {"schema": schema(name)},
            }}},
        })
    };
    json!({
        "openapi": "3.0.1",
        "info": {"title": "CRM Owners", "version": "2026-09"},
        "paths": {
            "/owners/2026-09": {"get": operation("Page")},
            "/owners/2026-09/all": {"get": operation("Owner")},
        },
        "components": {"schemas": {
            "Owner": {"type": "object", "properties": {"id": {"type": "integer", "format": "int32"}}},
            "Page": {"type": "object", "properties": {
                "paging": schema("Paging"),
                "results": {"type": "array", "items": schema("Owner")},
            }},
            "Paging": {"type": "object", "properties": {"next": {"type": "string"}}},
        }},
    })
}

#[test]
fn an_import_writes_the_document_and_its_entries() {
    let folders = Folders::new();
    folders.import("owners.json", false).unwrap();
    let files = folders.files();
    let document = &files["2026-09/owners.yaml"];
    for fact in [
        "../components/paging.yaml#/components/schemas/Paging",
        "/owners/2026-09/all",
        "format: int64",
        "TODO",
    ] {
        assert!(document.contains(fact), "{fact}: {document}");
    }
    assert!(!document.contains("    Paging:"), "{document}");
    assert!(!document.contains("Words of others"), "{document}");
    let scopes = ["a.read", "new.read", "z.read"].map(|scope| document.find(scope).unwrap());
    assert!(scopes.is_sorted(), "{document}");
    assert_eq!(document.matches("new.read").count(), 1, "{document}");
    assert_eq!(
        files["scopes.toml"],
        "# Scopes.\n\n[[scope]]\nname = \"a.read\"\nschemes = [\"oauth2\"]\n\n\
         [[scope]]\nname = \"new.read\"\nschemes = [\"oauth2\"]\n\n\
         [[scope]]\nname = \"z.read\"\nschemes = [\"oauth2\"]\n"
    );
    assert_eq!(
        files["apis/owners.toml"],
        "[api]\nname = \"owners\"\nfeature = \"owners\"\narea = \"crm\"\nnouns = { one = \"Owner\", many = \"Owners\" }\n\n\
         [document]\nversion = \"2026-09\"\nfile = \"2026-09/owners.yaml\"\npublished = \"owners.json\"\ndraft = true\n"
    );
    let config = inputs::config_of(&folders.specs(), true).unwrap();
    assert!(config.apis.document("owners", "2026-09").is_some());
}

#[test]
fn work_on_a_document_is_lost_only_if_that_is_asked_for() {
    let folders = Folders::new();
    folders.import("owners.json", false).unwrap();
    folders.import("owners.json", false).unwrap();
    let imported = folders.files();
    let place = folders.specs().join("2026-09/owners.yaml");
    let worked_on = imported["2026-09/owners.yaml"].replacen("TODO", "Who owns a record.", 1);
    files::write(&place, &worked_on).unwrap();
    let error = folders.import("owners.json", false).unwrap_err();
    assert_eq!(
        error,
        "specs/2026-09/owners.yaml has been worked on since it was imported: pass --overwrite to lose that work"
    );
    assert_eq!(files::read(&place).unwrap(), worked_on);
    folders.import("owners.json", true).unwrap();
    assert_eq!(folders.files(), imported);
}

#[test]
fn all_files_are_written_or_none() {
    let folders = Folders::new();
    // A file is where the folder of the document should be.
    files::write(&folders.specs().join("2026-09"), "taken").unwrap();
    let before = folders.files();
    let error = folders.import("owners.json", false).unwrap_err();
    assert!(error.contains("2026-09/owners.yaml"), "{error}");
    assert_eq!(folders.files(), before);
}

#[test]
fn newer_documents_are_read_as_everywhere() {
    let folders = Folders::new();
    let mut newer = owners();
    newer["openapi"] = json!("3.1.0");
    newer["components"]["schemas"]["Owner"]["properties"]["name"] =
        json!({"type": ["string", "null"]});
    folders.publish("newer.json", &newer);
    folders.import("newer.json", false).unwrap();
    let files = folders.files();
    let document = &files["2026-09/owners.yaml"];
    assert!(document.contains("nullable: true"), "{document}");
}

/// The owners with another value at a key.
fn with(key: &str, value: Value) -> Value {
    let mut document = owners();
    document[key] = value;
    document
}

/// Documents that are not the one that was named, each with parts of the message.
fn other_documents() -> [(&'static str, Value, [&'static str; 2]); 5] {
    [
        (
            "old.json",
            json!({"swagger": "2.0", "paths": {}}),
            [
                "cannot import from",
                "old.json#/openapi: this is not an OpenAPI 3.0 or 3.1 document",
            ],
        ),
        (
            "future.json",
            with("openapi", json!("3.2.0")),
            [
                "pass an OpenAPI 3.0 or 3.1 document of HubSpot as --document",
                "is \"3.2.0\"",
            ],
        ),
        (
            "older.json",
            with("info", json!({"title": "CRM Owners", "version": "v3"})),
            [
                "older.json#/info/version",
                "of version `v3`, and not `2026-09`: pass the document of that version",
            ],
        ),
        (
            "teams.json",
            owners(),
            [
                "teams.json is the document of `teams`",
                "pass that of `owners` as --document",
            ],
        ),
        (
            "copy.json",
            with("paths", json!({"/teams/2026-09": {"get": {}}})),
            [
                "copy.json#/paths: specs/documents/teams.yaml has every one",
                "name this one there as `also_published`",
            ],
        ),
    ]
}

#[test]
fn other_documents_are_refused_and_nothing_is_written() {
    let folders = Folders::new();
    for (name, document, messages) in other_documents() {
        let before = folders.files();
        folders.publish(name, &document);
        let error = folders.import(name, false).unwrap_err();
        for message in messages {
            assert!(error.contains(message), "{message}: {error}");
        }
        assert_eq!(folders.files(), before);
    }
    folders.import("owners.json", false).unwrap();
    folders.publish(
        "users.json",
        &with("paths", json!({"/users/2026-09": {"get": {}}})),
    );
    let error = folders.import("users.json", true).unwrap_err();
    assert!(
        error.contains("which has none of the paths of specs/2026-09/owners.yaml"),
        "{error}"
    );
}
