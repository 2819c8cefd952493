//! Names that `apis.toml` gives for one document, and names that stay what they are whatever is named beside them.

use std::collections::{BTreeMap, BTreeSet};

use hubspot_codegen::config::Config;
use hubspot_codegen::error::Errors;
use hubspot_codegen::load::Origin;
use hubspot_codegen::{Output, generate};

/// The client of these APIs, each with its paths and components, with more lines in `apis.toml`.
fn client(apis: &[(&str, &str)], more: &str) -> Result<Output, Errors> {
    let mut toml = "current = \"v2\"\nversion = [{ name = \"v2\", module = \"v2\" }]\n".to_owned();
    toml += more;
    let mut files = BTreeMap::new();
    for (api, rest) in apis {
        let entry = format!(
            "[[api]]\nname = \"{api}\"\nfeature = \"{api}\"\nnouns = {{ one = \"{api}\", many = \"{api}\" }}\n\
             [[document]]\napi = \"{api}\"\nversion = \"v2\"\nfile = \"{api}.yaml\"\n"
        );
        toml += &entry;
        let text = format!(
            "openapi: 3.0.3\ninfo: {{ title: T, version: v2 }}\nsecurity: [{{ oauth2: [] }}]\n{rest}"
        );
        files.insert(format!("{api}.yaml"), text);
    }
    let names = ["a.read", "b.read", "c.read"];
    let scopes = names
        .map(|name| format!("[[scope]]\nname = \"{name}\"\n"))
        .concat();
    let config = Config::parse(("apis.toml", &toml), ("scopes.toml", &scopes))?;
    generate(&config, Origin::Own, &[], &|path| {
        Ok(files[path].clone().into_bytes())
    })
}

/// A document of one operation, `GET /{api}`, that answers with the schema `Pet`.
fn pet(api: &str, pet: &str) -> String {
    format!(
        "paths:
  /{api}:
    get:
      responses:
        '200': {{ description: ., content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/Pet' }} }} }} }}
components:
  schemas:
    Pet: {pet}
"
    )
}

/// The names of the items of a kind, such as `pub struct `, in all files.
fn items(output: &Output, kind: &str) -> BTreeSet<String> {
    let lines = output.values().flat_map(|text| text.lines());
    let names = lines.filter_map(|line| line.trim_start().strip_prefix(kind));
    let end = |name: &str| {
        let end = name.find(|character: char| !character.is_alphanumeric() && character != '_');
        name[..end.unwrap_or(name.len())].to_owned()
    };
    names.map(end).collect()
}

#[test]
fn a_schema_is_renamed_in_one_document() {
    let cats = pet(
        "cats",
        "{ type: object, properties: { lives: { type: integer } } }",
    );
    let dogs = pet(
        "dogs",
        "{ type: object, properties: { tricks: { type: string } } }",
    );
    let both = [("cats", cats.as_str()), ("dogs", dogs.as_str())];
    let error = client(&both, "").unwrap_err().to_string();
    assert!(error.contains("the field `lives`"), "{error}");
    let output = client(&both, "rename = { \"v2/dogs#Pet\" = \"Dog\" }\n").unwrap();
    let structs = items(&output, "pub struct ");
    assert!(
        structs.contains("Pet") && structs.contains("Dog"),
        "{structs:?}"
    );
    let error = client(&both, "rename = { \"v2/birds#Pet\" = \"Bird\" }\n").unwrap_err();
    assert!(
        error
            .to_string()
            .contains("nothing in the documents uses `v2/birds#Pet` of `[rename]`"),
        "{error}"
    );
}

#[test]
fn a_method_is_named_for_one_document() {
    let cats = "paths: { '/cats': { get: { responses: { '204': { description: . } } } } }";
    let methods = |key: &str| format!("methods = {{ \"{key}\" = \"purr\" }}\n");
    for key in ["GET /cats", "v2/cats#GET /cats"] {
        let output = client(&[("cats", cats)], &methods(key)).unwrap();
        assert!(items(&output, "pub fn ").contains("purr"), "{key}");
    }
    let error = client(&[("cats", cats)], &methods("v2/dogs#GET /cats")).unwrap_err();
    assert!(error.to_string().contains("of `[methods]`"), "{error}");
}

#[test]
fn a_handle_holds_a_parameter_of_every_path() {
    let with = |paths: &str| {
        let toml = "current = \"v2\"\nversion = [{ name = \"v2\", module = \"v2\" }]\n[[api]]\nname = \"pets\"\n\
                    feature = \"pets\"\nhandle = \"kind\"\nnouns = { one = \"Pet\", many = \"Pets\" }\n\
                    [[document]]\napi = \"pets\"\nversion = \"v2\"\nfile = \"pets.yaml\"\n";
        let config = Config::parse(("apis.toml", toml), ("scopes.toml", "")).unwrap();
        let document = format!(
            "openapi: 3.0.3\ninfo: {{ title: T, version: v2 }}\nsecurity: [{{ oauth2: [] }}]\npaths: {paths}"
        );
        generate(&config, Origin::Own, &[], &|_| {
            Ok(document.clone().into_bytes())
        })
    };
    let get = "get: { responses: { '204': { description: . } } }";
    let kind = "parameters: [{ name: kind, in: path, required: true, schema: { type: string } }]";
    let output = with(&format!("{{ '/pets/{{kind}}': {{ {kind}, {get} }} }}")).unwrap();
    let code = &output["v2/pets.rs"];
    assert!(code.contains("pub fn get(&self)"), "{code}");
    assert!(code.contains("&[&self.kind]"), "{code}");
    let client = &output["v2/mod.rs"];
    assert!(client.contains("kind: impl Into<String>"), "{client}");
    let error = with(&format!("{{ '/pets': {{ {get} }} }}")).unwrap_err();
    let message = "the handle of `pets` holds `kind`, which is not in this path";
    assert!(error.to_string().contains(message), "{error}");
}

#[test]
fn a_parameter_is_named_and_an_operation_is_public_for_one_document() {
    let cats = "paths: { '/cats': { get: { security: [], parameters: [{ name: of, in: query, schema: { type: string } }], \
                responses: { '204': { description: . } } } } }";
    let tables = |document: &str| {
        format!(
            "public = {{ \"{document}GET /cats\" = \"Anyone may.\" }}\n\
             parameters = {{ \"{document}GET /cats of\" = \"owner\" }}\n"
        )
    };
    for document in ["", "v2/cats#"] {
        let output = client(&[("cats", cats)], &tables(document)).unwrap();
        assert!(items(&output, "pub fn ").contains("owner"), "{document}");
        assert!(output["v2/cats.rs"].contains(".authenticated(Authentication::None)"));
    }
    let error = client(&[("cats", cats)], &tables("v2/dogs#")).unwrap_err();
    assert!(
        error.to_string().contains("no `security` is listed"),
        "{error}"
    );
}

#[test]
fn methods_of_one_name_are_told_apart_by_what_they_take() {
    let document = |names: [&str; 3]| {
        let paths = ["/cats/{id}", "/cats/{path}", "/cats/{id}/toys/{toy}"];
        let operations = paths.iter().zip(names).map(|(path, name)| {
            format!(
                "  {path}: {{ delete: {{ operationId: delete_{name}, responses: {{ '204': {{ description: . }} }} }} }}\n"
            )
        });
        format!("paths:\n{}", operations.collect::<String>())
    };
    let methods = |names| client(&[("cats", &document(names))], "");
    let output = methods(["archiveById", "archiveByPath", "archiveByToy"]).unwrap();
    let names = items(&output, "pub fn ");
    for name in ["archive", "archive_by_path", "archive_toy"] {
        assert!(names.contains(name), "{name}: {names:?}");
    }
    for names in [["archive", "remove", "drop"], ["aByPath", "bByPath", "c"]] {
        let error = methods(names).unwrap_err().to_string();
        assert!(
            error.contains("would both be named `cats.archive"),
            "{error}"
        );
    }
}

#[test]
fn a_record_that_lacks_optional_fields_of_another_is_the_same_type() {
    let document = |list: &str| {
        let schema = |name: &str, fields: &str| {
            format!(
                "    {name}: {{ type: object, required: [id], properties: {{ id: {{ type: string }}{fields} }} }}\n"
            )
        };
        let path = |path: &str, name: &str| {
            format!(
                "  {path}: {{ get: {{ responses: {{ '200': {{ description: ., content: {{ application/json: \
                 {{ schema: {{ $ref: '#/components/schemas/{name}' }} }} }} }} }} }} }}\n"
            )
        };
        let paths = path("/cats", "Listed") + &path("/cats/found", "Found");
        let schemas = schema("Listed", list) + &schema("Found", "");
        format!("paths:\n{paths}components:\n  schemas:\n{schemas}")
    };
    let rename = "rename = { Listed = \"Cat\", Found = \"Cat\" }\n";
    let optional = document(", color: { type: string }");
    let output = client(&[("cats", &optional)], rename).unwrap();
    let methods = output["v2/cats.rs"].matches("Request<models::Cat>").count();
    assert_eq!(methods, 2, "{}", output["v2/cats.rs"]);
    assert!(output["models/v2/cats.rs"].contains("pub color: Option<String>"));

    let required = optional.replacen("required: [id]", "required: [id, color]", 1);
    let error = client(&[("cats", &required)], rename).unwrap_err();
    assert!(error.to_string().contains("the field `color`"), "{error}");
    let other_type = optional.replacen("id: { type: string }", "id: { type: integer }", 1);
    let error = client(&[("cats", &other_type)], rename).unwrap_err();
    assert!(error.to_string().contains("the field `color`"), "{error}");
}

#[test]
fn the_file_of_a_shared_type_has_a_short_name() {
    let names = (0..20).map(|number| format!("animals{number}"));
    let documents = names.map(|api| {
        let document = pet(
            &api,
            "{ type: object, properties: { name: { type: string } } }",
        );
        (api, document)
    });
    let documents = documents.collect::<Vec<_>>();
    let some = |count: usize| {
        let apis = documents[..count].iter();
        let apis = apis.map(|(api, document)| (api.as_str(), document.as_str()));
        client(&apis.collect::<Vec<_>>(), "").unwrap()
    };
    for count in [1, 3, 4, 20] {
        let output = some(count);
        let longest = output.keys().map(String::len).max();
        assert!(longest < Some(60), "{:?}", output.keys());
        let holds = |(path, text): (&String, &String)| {
            path.starts_with("models/v2/") && text.contains("pub struct Pet")
        };
        assert!(output.iter().any(holds), "{:?}", output.keys());
    }
}

#[test]
fn the_trait_of_a_requirement_is_named_after_its_scopes() {
    let needs = |path: &str, scopes: &[&str]| {
        let security = scopes
            .iter()
            .map(|scope| format!("{{ oauth2: [{scope}] }}"));
        let security = security.collect::<Vec<_>>().join(", ");
        format!(
            "  {path}: {{ get: {{ security: [{security}], responses: {{ '204': {{ description: . }} }} }} }}\n"
        )
    };
    let traits = |apis: &[(&str, String)]| {
        let apis = apis
            .iter()
            .map(|(api, paths)| (*api, format!("paths:\n{paths}")));
        let apis = apis.collect::<Vec<_>>();
        let apis = apis.iter().map(|(api, document)| (*api, document.as_str()));
        let output = client(&apis.collect::<Vec<_>>(), "").unwrap();
        let scopes = &output["scopes.rs"];
        let traits = items(
            &BTreeMap::from([(String::new(), scopes.clone())]),
            "pub trait ",
        );
        let composites = traits.into_iter().filter(|name| name.contains("Or"));
        composites.collect::<Vec<_>>()
    };
    let either = needs("/dogs", &["a.read", "b.read"]);
    let alone = traits(&[("dogs", either.clone())]);
    assert_eq!(alone, ["AReadOrBRead"]);
    let one_of_three = needs("/cats", &["a.read", "b.read", "c.read"]);
    let cats = needs("/cats", &["b.read", "a.read"]);
    assert_eq!(traits(&[("cats", cats), ("dogs", either.clone())]), alone);
    let with_three = traits(&[("cats", one_of_three.clone()), ("dogs", either)]);
    let of_three = traits(&[("cats", one_of_three)]);
    assert_eq!(with_three, [of_three[0].clone(), alone[0].clone()]);
    assert!(of_three[0].starts_with("AReadOr2More"), "{of_three:?}");
}
