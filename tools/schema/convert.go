// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func fromEach[P, J any](from map[string]P, convert func(P) J) map[string]J {
	to := make(map[string]J, len(from))
	for name, value := range from {
		to[name] = convert(value)
	}
	return to
}

func fromSchema(s *tfprotov6.Schema) schemaJSON {
	if s == nil {
		return schemaJSON{}
	}
	return schemaJSON{Version: s.Version, Block: fromBlock(s.Block)}
}

func fromAction(a *tfprotov6.ActionSchema) actionJSON {
	return actionJSON{Block: fromBlock(a.Schema.Block)}
}

func fromBlock(b *tfprotov6.SchemaBlock) *blockJSON {
	if b == nil {
		return nil
	}
	block := &blockJSON{
		Attributes:      fromAttributes(b.Attributes),
		Description:     b.Description,
		DescriptionKind: kind(b.DescriptionKind),
		Deprecated:      b.Deprecated,
	}
	for _, nested := range b.BlockTypes {
		if block.BlockTypes == nil {
			block.BlockTypes = map[string]nestedBlockJSON{}
		}
		block.BlockTypes[nested.TypeName] = nestedBlockJSON{
			NestingMode: blockNesting(nested.Nesting),
			Block:       fromBlock(nested.Block),
			MinItems:    nested.MinItems,
			MaxItems:    nested.MaxItems,
		}
	}
	return block
}

func fromAttributes(from []*tfprotov6.SchemaAttribute) map[string]attributeJSON {
	to := make(map[string]attributeJSON, len(from))
	for _, a := range from {
		attribute := attributeJSON{
			Description:     a.Description,
			DescriptionKind: kind(a.DescriptionKind),
			Deprecated:      a.Deprecated,
			Required:        a.Required,
			Optional:        a.Optional,
			Computed:        a.Computed,
			Sensitive:       a.Sensitive,
			WriteOnly:       a.WriteOnly,
		}
		if a.NestedType != nil {
			attribute.NestedType = &nestedTypeJSON{
				Attributes:  fromAttributes(a.NestedType.Attributes),
				NestingMode: objectNesting(a.NestedType.Nesting),
			}
		} else {
			attribute.Type = typeJSON(a.Type)
		}
		to[a.Name] = attribute
	}
	return to
}

func fromIdentity(s *tfprotov6.ResourceIdentitySchema) identityJSON {
	attributes := make(map[string]identityAttributeJSON, len(s.IdentityAttributes))
	for _, a := range s.IdentityAttributes {
		attributes[a.Name] = identityAttributeJSON{
			Type:              typeJSON(a.Type),
			Description:       a.Description,
			RequiredForImport: a.RequiredForImport,
			OptionalForImport: a.OptionalForImport,
		}
	}
	return identityJSON{Version: s.Version, Attributes: attributes}
}

func fromFunction(f *tfprotov6.Function) functionJSON {
	function := functionJSON{
		Description:        f.Description,
		Summary:            f.Summary,
		DeprecationMessage: f.DeprecationMessage,
		ReturnType:         typeJSON(f.Return.Type),
	}
	for _, p := range f.Parameters {
		function.Parameters = append(function.Parameters, fromParameter(p))
	}
	if f.VariadicParameter != nil {
		parameter := fromParameter(f.VariadicParameter)
		function.VariadicParameter = &parameter
	}
	return function
}

func fromParameter(p *tfprotov6.FunctionParameter) parameterJSON {
	return parameterJSON{
		Name:        p.Name,
		Description: p.Description,
		IsNullable:  p.AllowNullValue,
		Type:        typeJSON(p.Type),
	}
}

// typeJSON returns a type in the form of go-cty's JSON: "string", ["list", "string"], ["object", {"name": "string"}].
func typeJSON(t tftypes.Type) any {
	switch t := t.(type) {
	case tftypes.List:
		return []any{"list", typeJSON(t.ElementType)}
	case tftypes.Set:
		return []any{"set", typeJSON(t.ElementType)}
	case tftypes.Map:
		return []any{"map", typeJSON(t.ElementType)}
	case tftypes.Tuple:
		elements := make([]any, 0, len(t.ElementTypes))
		for _, element := range t.ElementTypes {
			elements = append(elements, typeJSON(element))
		}
		return []any{"tuple", elements}
	case tftypes.Object:
		return []any{"object", fromEach(t.AttributeTypes, typeJSON)}
	}
	for name, primitive := range map[string]tftypes.Type{
		"string": tftypes.String, "number": tftypes.Number, "bool": tftypes.Bool, "dynamic": tftypes.DynamicPseudoType,
	} {
		if t.Is(primitive) {
			return name
		}
	}
	panic(fmt.Sprintf("a type that Terraform's JSON does not have: %s", t))
}

func kind(k tfprotov6.StringKind) string {
	if k == tfprotov6.StringKindMarkdown {
		return "markdown"
	}
	return "plain"
}

func objectNesting(mode tfprotov6.SchemaObjectNestingMode) string {
	switch mode {
	case tfprotov6.SchemaObjectNestingModeList:
		return "list"
	case tfprotov6.SchemaObjectNestingModeSet:
		return "set"
	case tfprotov6.SchemaObjectNestingModeMap:
		return "map"
	default:
		return "single"
	}
}

func blockNesting(mode tfprotov6.SchemaNestedBlockNestingMode) string {
	switch mode {
	case tfprotov6.SchemaNestedBlockNestingModeList:
		return "list"
	case tfprotov6.SchemaNestedBlockNestingModeSet:
		return "set"
	case tfprotov6.SchemaNestedBlockNestingModeMap:
		return "map"
	case tfprotov6.SchemaNestedBlockNestingModeGroup:
		return "group"
	default:
		return "single"
	}
}
