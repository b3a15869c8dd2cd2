// SPDX-License-Identifier: MPL-2.0

package main

// The document of `terraform providers schema -json`, as documented at
// https://developer.hashicorp.com/terraform/cli/commands/providers/schema.
type document struct {
	FormatVersion string                  `json:"format_version"`
	Providers     map[string]providerJSON `json:"provider_schemas"`
}

type providerJSON struct {
	Provider           schemaJSON              `json:"provider"`
	Resources          map[string]schemaJSON   `json:"resource_schemas,omitempty"`
	DataSources        map[string]schemaJSON   `json:"data_source_schemas,omitempty"`
	EphemeralResources map[string]schemaJSON   `json:"ephemeral_resource_schemas,omitempty"`
	ListResources      map[string]schemaJSON   `json:"list_resource_schemas,omitempty"`
	Actions            map[string]actionJSON   `json:"action_schemas,omitempty"`
	Functions          map[string]functionJSON `json:"functions,omitempty"`
	Identities         map[string]identityJSON `json:"resource_identity_schemas,omitempty"`
}

type schemaJSON struct {
	Version int64      `json:"version"`
	Block   *blockJSON `json:"block,omitempty"`
}

type actionJSON struct {
	Block *blockJSON `json:"block,omitempty"`
}

type blockJSON struct {
	Attributes      map[string]attributeJSON   `json:"attributes,omitempty"`
	BlockTypes      map[string]nestedBlockJSON `json:"block_types,omitempty"`
	Description     string                     `json:"description,omitempty"`
	DescriptionKind string                     `json:"description_kind"`
	Deprecated      bool                       `json:"deprecated,omitempty"`
}

type nestedBlockJSON struct {
	NestingMode string     `json:"nesting_mode"`
	Block       *blockJSON `json:"block"`
	MinItems    int64      `json:"min_items,omitempty"`
	MaxItems    int64      `json:"max_items,omitempty"`
}

type attributeJSON struct {
	Type            any             `json:"type,omitempty"`
	NestedType      *nestedTypeJSON `json:"nested_type,omitempty"`
	Description     string          `json:"description,omitempty"`
	DescriptionKind string          `json:"description_kind"`
	Deprecated      bool            `json:"deprecated,omitempty"`
	Required        bool            `json:"required,omitempty"`
	Optional        bool            `json:"optional,omitempty"`
	Computed        bool            `json:"computed,omitempty"`
	Sensitive       bool            `json:"sensitive,omitempty"`
	WriteOnly       bool            `json:"write_only,omitempty"`
}

type nestedTypeJSON struct {
	Attributes  map[string]attributeJSON `json:"attributes"`
	NestingMode string                   `json:"nesting_mode"`
}

type identityJSON struct {
	Version    int64                            `json:"version"`
	Attributes map[string]identityAttributeJSON `json:"attributes"`
}

type identityAttributeJSON struct {
	Type              any    `json:"type"`
	Description       string `json:"description,omitempty"`
	RequiredForImport bool   `json:"required_for_import,omitempty"`
	OptionalForImport bool   `json:"optional_for_import,omitempty"`
}

type functionJSON struct {
	Description        string          `json:"description,omitempty"`
	Summary            string          `json:"summary,omitempty"`
	DeprecationMessage string          `json:"deprecation_message,omitempty"`
	ReturnType         any             `json:"return_type"`
	Parameters         []parameterJSON `json:"parameters,omitempty"`
	VariadicParameter  *parameterJSON  `json:"variadic_parameter,omitempty"`
}

type parameterJSON struct {
	Name        string `json:"name,omitempty"`
	Description string `json:"description,omitempty"`
	IsNullable  bool   `json:"is_nullable,omitempty"`
	Type        any    `json:"type"`
}
