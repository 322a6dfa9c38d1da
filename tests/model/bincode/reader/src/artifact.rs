use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub type Hash = [u8; 32];

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SchemaVersion {
    pub major: u32,
    pub minor: u32,
    pub patch: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Number {
    Whole(i64),
    Real(f64),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Value {
    Null,
    Bool(bool),
    Whole(i64),
    Big(u64),
    Real(f64),
    Text(String),
    List(Vec<Value>),
    Object(Vec<(String, Value)>),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Artifact {
    pub schema_version: SchemaVersion,
    pub created_with: String,
    pub content_hash: Hash,
    pub workflow: Workflow,
    pub callees: Option<Vec<(Hash, Workflow)>>,
    pub sources: Option<Vec<(Hash, Vec<(String, String)>)>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Workflow {
    pub id: Uuid,
    pub name: String,
    pub package: Option<String>,
    pub version: Option<String>,
    pub description: Option<String>,
    pub created_at: Option<String>,
    pub updated_at: Option<String>,
    pub metadata: Option<WorkflowMetadata>,
    pub settings: Option<RunSettings>,
    pub regions: Option<Vec<Region>>,
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkflowMetadata {
    pub author: Option<String>,
    pub tags: Option<Strings>,
    pub category: Option<String>,
    pub icon: Option<String>,
    pub color: Option<String>,
    pub custom: Option<Value>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NodeMetadata {
    pub documentation: Option<String>,
    pub examples: Option<Strings>,
    pub warnings: Option<Strings>,
    pub custom: Option<Value>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Region {
    pub path: String,
    pub name: String,
    pub opener: Uuid,
    pub closer: Uuid,
    pub order: i64,
    pub parent: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Node {
    Instrument(InstrumentNode),
    Operator(OperatorNode),
    Control(ControlNode),
    Input(InputNode),
    Output(OutputNode),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Position {
    pub x: Number,
    pub y: Number,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InstrumentNode {
    pub id: Uuid,
    pub path: String,
    pub name: String,
    pub description: Option<String>,
    pub position: Option<Position>,
    pub enabled: Option<bool>,
    pub region: Option<String>,
    pub synthetic: Option<bool>,
    pub metadata: Option<NodeMetadata>,
    pub model_id: String,
    pub model_version: Option<String>,
    pub config: InstrumentConfig,
    pub inputs: Option<Vec<Port>>,
    pub outputs: Option<Vec<Port>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum OperatorType {
    Expression,
    Require,
    Fail,
    Workflow,
    Python,
    Shell,
    JsonParse,
    JsonFormat,
    Text,
    Read,
    Write,
    Ask,
    Wait,
    Http,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OperatorNode {
    pub id: Uuid,
    pub path: String,
    pub name: String,
    pub description: Option<String>,
    pub position: Option<Position>,
    pub enabled: Option<bool>,
    pub region: Option<String>,
    pub synthetic: Option<bool>,
    pub metadata: Option<NodeMetadata>,
    pub operator_type: OperatorType,
    pub config: OperatorConfig,
    pub inputs: Option<Vec<Port>>,
    pub outputs: Option<Vec<Port>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ControlType {
    Branch,
    Merge,
    Loop,
    Parallel,
    Join,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ControlNode {
    pub id: Uuid,
    pub path: String,
    pub name: String,
    pub description: Option<String>,
    pub position: Option<Position>,
    pub enabled: Option<bool>,
    pub region: Option<String>,
    pub synthetic: Option<bool>,
    pub metadata: Option<NodeMetadata>,
    pub control_type: ControlType,
    pub condition: Option<Expression>,
    pub config: ControlConfig,
    pub inputs: Option<Vec<Port>>,
    pub outputs: Option<Vec<Port>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InputNode {
    pub id: Uuid,
    pub path: String,
    pub name: String,
    pub description: Option<String>,
    pub position: Option<Position>,
    pub enabled: Option<bool>,
    pub region: Option<String>,
    pub synthetic: Option<bool>,
    pub metadata: Option<NodeMetadata>,
    pub port: Port,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutputNode {
    pub id: Uuid,
    pub path: String,
    pub name: String,
    pub description: Option<String>,
    pub position: Option<Position>,
    pub enabled: Option<bool>,
    pub region: Option<String>,
    pub synthetic: Option<bool>,
    pub metadata: Option<NodeMetadata>,
    pub port: Port,
    pub argument: Option<Argument>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InstrumentConfig {
    pub callee: String,
    pub system: Option<Expression>,
    pub prompt: Option<Expression>,
    pub messages: Option<Expression>,
    pub temperature: Option<Number>,
    pub max_tokens: Option<i64>,
    pub effect: Option<Effect>,
    pub record: Option<bool>,
    pub arguments: Option<Arguments>,
    pub settings: Option<Settings>,
    pub tools: Option<Vec<Tool>>,
    pub max_turns: Option<i64>,
    pub fallback: Option<Strings>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Tool {
    Instrument(InstrumentTool),
    Operator(OperatorTool),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InstrumentTool {
    pub name: String,
    pub description: Option<String>,
    pub model_id: String,
    pub model_version: Option<String>,
    pub config: InstrumentConfig,
    pub inputs: Option<Vec<Port>>,
    pub outputs: Option<Vec<Port>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OperatorTool {
    pub name: String,
    pub description: Option<String>,
    pub operator_type: OperatorType,
    pub config: OperatorConfig,
    pub inputs: Option<Vec<Port>>,
    pub outputs: Option<Vec<Port>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Shell {
    Text(String),
    List(Vec<Expression>),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OperatorConfig {
    pub callee: Option<String>,
    pub expression: Option<Expression>,
    pub failure: Option<Expression>,
    pub python: Option<String>,
    pub shell: Option<Shell>,
    pub workflow: Option<Hash>,
    pub effect: Option<Effect>,
    pub record: Option<bool>,
    pub arguments: Option<Arguments>,
    pub settings: Option<Settings>,
    pub http: Option<HttpRequest>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Url {
    Text(String),
    Expression(Expression),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HttpRequest {
    pub method: String,
    pub url: Vec<Url>,
    pub headers: Option<Expression>,
    pub query: Option<Expression>,
    pub body: Option<Expression>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Mode {
    If,
    Match,
    Each,
    All,
    First,
    Until,
    Try,
    Finally,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Limit {
    Whole(i64),
    Expression(Expression),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ControlConfigOnError {
    Stop,
    Skip,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Maximum {
    Whole(i64),
    Expression(Expression),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Every {
    Whole(i64),
    Expression(Expression),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ControlConfig {
    pub mode: Mode,
    pub opener: Option<String>,
    pub limit: Option<Limit>,
    pub on_error: Option<ControlConfigOnError>,
    pub maximum: Option<Maximum>,
    pub every: Option<Every>,
    pub count: Option<i64>,
    pub settings: Option<Settings>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Edge {
    Data(DataEdge),
    Control(ControlEdge),
    Conditional(ConditionalEdge),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TransformType {
    Map,
    Filter,
    Reduce,
    Flatten,
    Custom,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Transform {
    pub transform_type: TransformType,
    pub expression: Expression,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DataEdge {
    pub id: Uuid,
    pub source_node: Uuid,
    pub source_port: String,
    pub target_node: Uuid,
    pub target_port: String,
    pub transform: Option<Transform>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ControlEdge {
    pub id: Uuid,
    pub source_node: Uuid,
    pub target_node: Uuid,
    pub priority: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConditionalEdge {
    pub id: Uuid,
    pub source_node: Uuid,
    pub target_node: Uuid,
    pub label: String,
    pub order: i64,
    pub condition: Option<Expression>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Port {
    pub name: String,
    pub data_type: Type,
    pub required: Option<bool>,
    pub constraints: Option<Vec<Constraint>>,
    pub wire: Option<String>,
    pub documentation: Option<String>,
    pub default_value: Option<Value>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Expression {
    pub source: String,
    pub r#type: Type,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Argument {
    Value { value: Value },
    Expression(Expression),
}

pub type Arguments = Vec<(String, Argument)>;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SettingsOnError {
    Stop,
    Pause,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    pub retry: Option<Retry>,
    pub timeout: Option<i64>,
    pub label: Option<String>,
    pub deadline: Option<i64>,
    pub cache: Option<Cache>,
    pub on_error: Option<SettingsOnError>,
    pub concurrency: Option<Concurrency>,
    pub rate_limit: Option<RateLimit>,
    pub key: Option<String>,
    pub resources: Option<Resources>,
    pub executor: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Retry {
    pub attempts: i64,
    pub delay: Option<i64>,
    pub factor: Option<Number>,
    pub jitter: Option<Number>,
    pub on: Option<Strings>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cache {
    pub enabled: Option<bool>,
    pub age: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Concurrency {
    pub count: i64,
    pub bucket: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RateLimit {
    pub count: i64,
    pub per: i64,
    pub bucket: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Resources {
    pub cpus: Option<Number>,
    pub memory: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunSettings {
    pub timeout: Option<i64>,
    pub concurrency: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Effect {
    Pure,
    Repeatable,
    Once,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Kind {
    Min,
    Max,
    MinLength,
    MaxLength,
    MinItems,
    MaxItems,
    Pattern,
    OneOf,
    Check,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Constraint {
    pub kind: Kind,
    pub value: Value,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TypeName {
    String,
    Int,
    Float,
    Bool,
    Bytes,
    Json,
    Timestamp,
    Duration,
    File,
    Folder,
    Image,
    Audio,
    Model,
    Secret,
    Type,
    Uint,
    Null,
    Unknown,
    Never,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TypeRecord {
    pub name: Option<String>,
    pub fields: Vec<Field>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Enum {
    pub name: String,
    pub values: Vec<Vec<String>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Function {
    pub parameters: Vec<Field>,
    pub result: Box<Type>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Type {
    Name(TypeName),
    List { list: Box<Type> },
    Map { map: Box<Type> },
    Optional { optional: Box<Type> },
    Record { record: TypeRecord },
    Enum { r#enum: Enum },
    Opaque { opaque: String },
    Function { function: Function },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Field {
    pub name: String,
    pub r#type: Type,
    pub default: Option<Value>,
    pub constraints: Option<Vec<Constraint>>,
    pub wire: Option<String>,
    pub doc: Option<String>,
}

pub type Strings = Vec<String>;
