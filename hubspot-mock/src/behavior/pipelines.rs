//! The pipelines API: pipelines of object types, and their stages.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::behavior::common::{Page, body, flag, unknown};
use crate::behavior::{Call, Context, Response};
use crate::definitions::{ObjectType, Pipeline, Stage, moment_text, number};
use crate::store::{Collection, Store};
use crate::values::{PropertyId, Refusal};

/// Performs a request to this API.
pub(crate) fn handle(call: &Call, context: &Context<'_>) -> Result<Response, Refusal> {
    let store = &mut *context.store()?;
    let fresh = store.pipeline_number();
    let response = perform(call, store, fresh)?;
    if !call.endpoint.read_only {
        store.use_pipeline_number();
    }
    Ok(response)
}

/// `fresh` is an id that no pipeline and no stage has, nor those that follow.
fn perform(call: &Call, store: &mut Store, fresh: u64) -> Result<Response, Refusal> {
    let id = store.object_type(call.path("objectType"))?;
    let collection = store.records_mut(id)?;
    let wanted = call.path("pipelineId").to_owned();
    match call.endpoint.action {
        "list" => {
            let pipelines = collection.ty.pipelines.iter().map(pipeline_json);
            return Response::json(200, &Page::new(pipelines.collect(), None));
        }
        "create" => return create(call, &mut collection.ty, fresh),
        "update" | "set" => return update(call, collection, &wanted, fresh),
        "archive" => return archive(call, collection, &wanted),
        "archive_stage" => return archive_stage(call, collection, &wanted),
        _ => {}
    }
    let ty = &mut collection.ty;
    let is_deal = ty.is(DEALS);
    let pipeline = find(&mut ty.pipelines, &wanted)?;
    match call.endpoint.action {
        "get" => Response::json(200, &pipeline_json(pipeline)),
        // Changes are not audited.
        "list_audit" => Response::json(200, &Page::<Value>::new(Vec::new(), None)),
        "list_stage_audit" => {
            stage(call, pipeline)?;
            Response::json(200, &Page::<Value>::new(Vec::new(), None))
        }
        "list_stages" => {
            let stages = pipeline.stages.iter().map(stage_json);
            Response::json(200, &Page::new(stages.collect(), None))
        }
        "get_stage" => Response::json(200, &stage_json(stage(call, pipeline)?)),
        "create_stage" => {
            let input: StageInput = body(call)?;
            let stage = input.define(fresh, is_deal, call.now.as_millisecond())?;
            let json = stage_json(&stage);
            pipeline.stages.push(stage);
            check(&pipeline.stages).inspect_err(|_| drop(pipeline.stages.pop()))?;
            sort(pipeline);
            Response::json(201, &json)
        }
        "update_stage" | "set_stage" => update_stage(call, pipeline, is_deal),
        _ => Err(unknown(call)),
    }
}

/// The maximum number of stages of a pipeline: HubSpot's limit.
const MOST_STAGES: usize = 100;

/// The name of deals in paths, whose stages have a probability.
const DEALS: &str = "deals";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PipelineInput {
    label: Option<String>,
    display_order: Option<i64>,
    pipeline_id: Option<String>,
    stages: Option<Vec<StageInput>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StageInput {
    label: Option<String>,
    display_order: Option<i64>,
    stage_id: Option<String>,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
}

impl StageInput {
    fn define(self, fresh: u64, is_deal: bool, now: i64) -> Result<Stage, Refusal> {
        let label = self.label.unwrap_or_default();
        let metadata = checked(self.metadata, is_deal, &label)?;
        Ok(Stage {
            id: self.stage_id.unwrap_or_else(|| fresh.to_string()),
            label,
            display_order: self.display_order.unwrap_or(-1),
            metadata,
            created_at: now,
            updated_at: now,
        })
    }
}

/// The metadata of a stage. That of a deal needs a probability from 0.0 to 1.0; without `isClosed`, 0 and 1 are closed.
fn checked(
    mut metadata: BTreeMap<String, String>,
    is_deal: bool,
    label: &str,
) -> Result<BTreeMap<String, String>, Refusal> {
    if !is_deal {
        return Ok(metadata);
    }
    let probability = metadata.get("probability").and_then(|text| number(text));
    let probability = probability.filter(|probability| (0.0..=1.0).contains(probability));
    let Some(probability) = probability else {
        let message = format!(
            "The stage {label:?} of deals needs a `probability` from 0.0 to 1.0 in its metadata"
        );
        return Err(Refusal::validation(message).context("metadata", ["probability".to_owned()]));
    };
    let is_closed = probability <= 0.0 || probability >= 1.0;
    metadata
        .entry("isClosed".to_owned())
        .or_insert(is_closed.to_string());
    Ok(metadata)
}

fn create(call: &Call, ty: &mut ObjectType, fresh: u64) -> Result<Response, Refusal> {
    let input: PipelineInput = body(call)?;
    let now = call.now.as_millisecond();
    let mut pipeline = Pipeline {
        id: input.pipeline_id.unwrap_or_else(|| fresh.to_string()),
        label: input.label.unwrap_or_default(),
        display_order: input.display_order.unwrap_or(-1),
        stages: stages(input.stages.unwrap_or_default(), fresh, ty.is(DEALS), now)?,
        created_at: now,
        updated_at: now,
    };
    let taken = |known: &Pipeline| known.id == pipeline.id || known.label == pipeline.label;
    if ty.pipelines.iter().any(taken) {
        return Err(exists("pipeline", &pipeline.label));
    }
    sort(&mut pipeline);
    let json = pipeline_json(&pipeline);
    ty.pipelines.push(pipeline);
    ty.pipelines.sort_by_key(|known| order(known.display_order));
    Response::json(201, &json)
}

fn stages(
    inputs: Vec<StageInput>,
    fresh: u64,
    is_deal: bool,
    now: i64,
) -> Result<Vec<Stage>, Refusal> {
    let numbered = inputs.into_iter().zip(fresh + 1..);
    let stages = numbered.map(|(input, fresh)| input.define(fresh, is_deal, now));
    let stages = stages.collect::<Result<Vec<_>, _>>()?;
    check(&stages)?;
    Ok(stages)
}

/// Fails for stages that a pipeline cannot have.
fn check(stages: &[Stage]) -> Result<(), Refusal> {
    if stages.is_empty() {
        return Err(Refusal::validation("A pipeline needs at least one stage"));
    }
    if stages.len() > MOST_STAGES {
        let message = format!("A pipeline has at most {MOST_STAGES} stages");
        return Err(Refusal::validation(message));
    }
    let (mut ids, mut labels) = (BTreeSet::new(), BTreeSet::new());
    let mut stages = stages.iter();
    let again = stages.find(|stage| !ids.insert(&stage.id) || !labels.insert(&stage.label));
    again.map_or(Ok(()), |stage| Err(exists("stage", &stage.label)))
}

/// Updates or replaces a pipeline. Fails if records use a stage that it would lose.
fn update(
    call: &Call,
    collection: &mut Collection,
    wanted: &str,
    fresh: u64,
) -> Result<Response, Refusal> {
    let input: PipelineInput = body(call)?;
    let is_deal = collection.ty.is(DEALS);
    let now = call.now.as_millisecond();
    let new = input
        .stages
        .map(|inputs| stages(inputs, fresh, is_deal, now))
        .transpose()?;
    if let Some(new) = &new {
        let present = find(&mut collection.ty.pipelines, wanted)?.stages.iter();
        let lost = present.filter(|stage| new.iter().all(|known| known.id != stage.id));
        let lost = lost.map(|stage| stage.id.clone()).collect::<Vec<_>>();
        if let Some(used) = lost.iter().find(|id| is_stage_used(collection, wanted, id)) {
            return Err(in_use("stage", used));
        }
    }
    let ty = &mut collection.ty;
    let mut others = ty.pipelines.iter().filter(|known| known.id != wanted);
    if let Some(label) = &input.label
        && others.any(|known| known.label == *label)
    {
        return Err(exists("pipeline", label));
    }
    let pipeline = find(&mut ty.pipelines, wanted)?;
    pipeline.stages = new.unwrap_or_else(|| std::mem::take(&mut pipeline.stages));
    pipeline.label = input.label.unwrap_or_else(|| pipeline.label.clone());
    pipeline.display_order = input.display_order.unwrap_or(pipeline.display_order);
    pipeline.updated_at = now;
    sort(pipeline);
    let json = pipeline_json(pipeline);
    ty.pipelines.sort_by_key(|known| order(known.display_order));
    Response::json(200, &json)
}

/// Updates or replaces a stage.
fn update_stage(call: &Call, pipeline: &mut Pipeline, is_deal: bool) -> Result<Response, Refusal> {
    let input: StageInput = body(call)?;
    let id = stage(call, pipeline)?.id.clone();
    let mut others = pipeline.stages.iter().filter(|known| known.id != id);
    if let Some(label) = &input.label
        && others.any(|known| known.label == *label)
    {
        return Err(exists("stage", label));
    }
    let mut stages = pipeline.stages.iter_mut();
    let Some(known) = stages.find(|known| known.id == id) else {
        return Err(missing("stage", &id));
    };
    let replaces = call.endpoint.action == "set_stage";
    let mut metadata = known.metadata.clone();
    if replaces || input.metadata.contains_key("probability") {
        metadata.remove("isClosed");
    }
    if replaces {
        metadata.clear();
    }
    metadata.extend(input.metadata);
    known.metadata = checked(metadata, is_deal, &known.label)?;
    known.label = input.label.unwrap_or_else(|| known.label.clone());
    known.display_order = input.display_order.unwrap_or(known.display_order);
    known.updated_at = call.now.as_millisecond();
    let json = stage_json(known);
    sort(pipeline);
    Response::json(200, &json)
}

/// Archives a pipeline. Fails if records use it, when the request asks to check that, and for the last one.
fn archive(call: &Call, collection: &mut Collection, id: &str) -> Result<Response, Refusal> {
    find(&mut collection.ty.pipelines, id)?;
    let checks = flag(call, "validateReferencesBeforeDelete", false)
        || flag(call, "validateDealStageUsagesBeforeDelete", false);
    let properties = collection.ty.pipeline_properties;
    if checks && properties.is_some_and(|known| is_used(collection, known.pipeline, id)) {
        return Err(in_use("pipeline", id));
    }
    if collection.ty.pipelines.len() == 1 {
        return Err(Refusal::validation("The last pipeline cannot be archived"));
    }
    collection.ty.pipelines.retain(|known| known.id != id);
    Ok(Response::empty())
}

/// Archives a stage. Fails if records use it.
fn archive_stage(
    call: &Call,
    collection: &mut Collection,
    pipeline: &str,
) -> Result<Response, Refusal> {
    let id = call.path("stageId");
    stage(call, find(&mut collection.ty.pipelines, pipeline)?)?;
    if is_stage_used(collection, pipeline, id) {
        return Err(in_use("stage", id));
    }
    let pipeline = find(&mut collection.ty.pipelines, pipeline)?;
    if pipeline.stages.len() == 1 {
        return Err(Refusal::validation("The last stage cannot be archived"));
    }
    pipeline.stages.retain(|known| known.id != id);
    Ok(Response::empty())
}

/// Whether a live record has this value.
fn is_used(collection: &Collection, property: PropertyId, text: &str) -> bool {
    let mut records = collection.from(0, false);
    records.any(|record| record.stored(property) == Some(text))
}

/// Whether a live record is in this stage of this pipeline. Pipelines may have stages of one id.
fn is_stage_used(collection: &Collection, pipeline: &str, stage: &str) -> bool {
    let Some(known) = collection.ty.pipeline_properties else {
        return false;
    };
    let mut records = collection.from(0, false);
    records.any(|record| {
        record.stored(known.stage) == Some(stage)
            && record
                .stored(known.pipeline)
                .is_none_or(|id| id == pipeline)
    })
}

fn in_use(what: &str, id: &str) -> Refusal {
    Refusal::validation(format!("The {what} {id} is still used by records"))
        .context("id", [id.to_owned()])
}

fn exists(what: &str, name: &str) -> Refusal {
    Refusal::conflict(format!(
        "A {what} with this id or label exists already: {name}"
    ))
}

fn missing(what: &str, id: &str) -> Refusal {
    Refusal::not_found(format!("There is no {what} with the id {id}"))
        .context("id", [id.to_owned()])
}

fn find<'a>(pipelines: &'a mut [Pipeline], id: &str) -> Result<&'a mut Pipeline, Refusal> {
    let found = pipelines.iter_mut().find(|known| known.id == id);
    found.ok_or_else(|| missing("pipeline", id))
}

fn stage<'a>(call: &Call, pipeline: &'a Pipeline) -> Result<&'a Stage, Refusal> {
    let id = call.path("stageId");
    let found = pipeline.stages.iter().find(|known| known.id == id);
    found.ok_or_else(|| missing("stage", id))
}

fn sort(pipeline: &mut Pipeline) {
    pipeline
        .stages
        .sort_by_key(|stage| order(stage.display_order));
}

/// What has no place, -1, comes after what has one.
fn order(display_order: i64) -> (bool, i64) {
    (display_order < 0, display_order)
}

fn pipeline_json(pipeline: &Pipeline) -> Value {
    json!({
        "id": pipeline.id,
        "label": pipeline.label,
        "displayOrder": pipeline.display_order,
        "stages": pipeline.stages.iter().map(stage_json).collect::<Vec<_>>(),
        "createdAt": moment_text(pipeline.created_at),
        "updatedAt": moment_text(pipeline.updated_at),
        "archived": false,
    })
}

fn stage_json(stage: &Stage) -> Value {
    json!({
        "id": stage.id,
        "label": stage.label,
        "displayOrder": stage.display_order,
        "metadata": stage.metadata,
        "createdAt": moment_text(stage.created_at),
        "updatedAt": moment_text(stage.updated_at),
        "archived": false,
        "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
    })
}
