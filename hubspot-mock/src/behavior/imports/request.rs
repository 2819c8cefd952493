//! Reads the multipart form of an import, and checks its columns.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::Value;

use crate::behavior::{Call, Content};
use crate::definitions::{Identity, rule};
use crate::store::Store;
use crate::store::jobs::{Import, ImportColumn, ImportFile, Operation};
use crate::values::{Refusal, TypeId};

/// The `importRequest` of the form.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    name: String,
    files: Vec<File>,
    #[serde(default)]
    import_operations: BTreeMap<String, String>,
    #[serde(default)]
    date_format: String,
    #[serde(default)]
    create_contact_list_from_import: bool,
}

#[derive(Deserialize)]
struct File {
    #[serde(rename = "fileName")]
    name: String,
    #[serde(default, rename = "fileFormat")]
    format: String,
    #[serde(rename = "fileImportPage")]
    page: Sheet,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sheet {
    #[serde(default)]
    has_header: bool,
    column_mappings: Vec<Mapping>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mapping {
    column_name: String,
    column_object_type_id: Option<String>,
    property_name: Option<String>,
    column_type: Option<String>,
    /// The name of `columnType` in older requests.
    id_column_type: Option<String>,
}

/// Reads a request. Fails with 400 and the place of the error.
pub(super) fn read(call: &Call, store: &Store, now: i64) -> Result<Import, Refusal> {
    let text = call.body.part("importRequest").ok_or_else(|| {
        Refusal::validation("The form has no part importRequest: send the JSON of the import in it")
    })?;
    let invalid = |cause: serde_json::Error| {
        Refusal::validation(format!("importRequest is not valid: {cause}"))
    };
    let json: Value = serde_json::from_slice(&text.content).map_err(invalid)?;
    let request = Request::deserialize(&json).map_err(invalid)?;
    let Content::Multipart(parts) = &call.body else {
        return Err(Refusal::validation("The body must be a multipart form"));
    };
    let contents = parts.iter().filter(|part| part.is_file);
    let contents = contents
        .map(|part| part.content.clone())
        .collect::<Vec<_>>();
    if contents.len() != request.files.len() || contents.is_empty() {
        return Err(Refusal::validation(format!(
            "importRequest names {} files, and the form has {}: send each as a part `files`, in the same order",
            request.files.len(),
            contents.len(),
        )));
    }
    let date_order = date_order(&request.date_format)?;
    let operations = &request.import_operations;
    let files = request.files.iter().zip(contents).enumerate();
    let files = files.map(|(index, (file, content))| {
        let checked = file.check(store, operations, content, date_order);
        checked.map_err(|message| Refusal::validation(format!("files[{index}]{message}")))
    });
    Ok(Import {
        name: request.name.clone(),
        files: files.collect::<Result<_, _>>()?,
        request: json,
        with_list: request.create_contact_list_from_import,
        rules: rule::enforced_in(call.endpoint.version),
        created_at: now,
        outcome: None,
        counters: BTreeMap::new(),
        errors: Vec::new(),
        list: None,
    })
}

fn date_order(format: &str) -> Result<&'static str, Refusal> {
    match format {
        "" | "MONTH_DAY_YEAR" => Ok("MDY"),
        "DAY_MONTH_YEAR" => Ok("DMY"),
        "YEAR_MONTH_DAY" => Ok("YMD"),
        other => Err(Refusal::validation(format!(
            "dateFormat is one of MONTH_DAY_YEAR, DAY_MONTH_YEAR and YEAR_MONTH_DAY, not {other}"
        ))),
    }
}

impl File {
    /// Fails with the rest of the message, after the place of the file.
    fn check(
        &self,
        store: &Store,
        operations: &BTreeMap<String, String>,
        content: Bytes,
        date_order: &'static str,
    ) -> Result<ImportFile, String> {
        if !["", "CSV"].contains(&self.format.as_str()) {
            let format = &self.format;
            return Err(format!(": hubspot-mock reads CSV files only, not {format}"));
        }
        let mappings = self.page.column_mappings.iter().enumerate();
        let columns = mappings.map(|(number, mapping)| {
            let column = mapping.check(store, operations);
            column.map_err(|message| format!(".fileImportPage.columnMappings[{number}]: {message}"))
        });
        Ok(ImportFile {
            name: self.name.clone(),
            content,
            has_header: self.page.has_header,
            columns: columns.collect::<Result<_, _>>()?,
            date_order,
        })
    }
}

impl Mapping {
    fn check(
        &self,
        store: &Store,
        operations: &BTreeMap<String, String>,
    ) -> Result<ImportColumn, String> {
        let name = self.column_object_type_id.as_deref().unwrap_or("contacts");
        let object_type = store
            .resolve_type(name)
            .ok_or_else(|| format!("there is no object type {name}"))?;
        let column_type = self
            .column_type
            .as_deref()
            .or(self.id_column_type.as_deref());
        let (by_id, is_alternate) = match column_type.unwrap_or("STANDARD") {
            "HUBSPOT_OBJECT_ID" => (true, false),
            "HUBSPOT_ALTERNATE_ID" => (false, true),
            "STANDARD" => (false, false),
            other => {
                return Err(format!(
                    "hubspot-mock does not import columns of type {other}"
                ));
            }
        };
        let property = if by_id {
            None
        } else {
            Some(self.property(store, object_type)?)
        };
        let ty = store.definition(object_type);
        let found = property
            .as_deref()
            .zip(ty)
            .and_then(|(name, ty)| ty.named(name));
        let identity = found.map_or(Identity::None, |(_, property)| property.identity);
        if is_alternate && identity == Identity::None {
            let name = property.unwrap_or_default();
            return Err(format!(
                "the property {name} has no unique values, which HUBSPOT_ALTERNATE_ID requires"
            ));
        }
        Ok(ImportColumn {
            name: self.column_name.clone(),
            object_type,
            is_key: by_id || identity != Identity::None,
            property,
            operation: operation(operations, ty.map_or("", |ty| ty.id.as_str()))?,
        })
    }

    fn property(&self, store: &Store, object_type: TypeId) -> Result<String, String> {
        let name = self
            .property_name
            .clone()
            .ok_or_else(|| format!("the column {:?} has no propertyName", self.column_name))?;
        let known = store.definition(object_type);
        match known.and_then(|ty| ty.find(&name)) {
            Some(_) => Ok(name),
            None => Err(format!(
                "the property {name} does not exist: create it first"
            )),
        }
    }
}

fn operation(operations: &BTreeMap<String, String>, ty: &str) -> Result<Operation, String> {
    match operations.get(ty).map_or("UPSERT", String::as_str) {
        "CREATE" => Ok(Operation::Create),
        "UPDATE" => Ok(Operation::Update),
        "UPSERT" => Ok(Operation::Upsert),
        other => Err(format!(
            "the importOperation of {ty} is one of CREATE, UPDATE and UPSERT, not {other}"
        )),
    }
}
