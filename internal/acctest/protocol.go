// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/external-directory/terraform-provider-directory/internal/provider"
)

// Protocol drives the provider by its protocol, without a Terraform CLI: for features that the installed CLI is too old
// for, such as resource identity, and for data that it does not show, such as private state.
type Protocol struct {
	t       *testing.T
	Server  tfprotov6.ProviderServer
	Schemas *tfprotov6.GetProviderSchemaResponse
	ids     map[string]*tfprotov6.ResourceIdentitySchema
}

// Object is a configuration, state or identity: attribute names to Go values. A nil value or a missing attribute is
// null, Unknown is unknown; []any is a list or set, map[string]any an object or map.
type Object = map[string]any

// Unknown is the value of an attribute that is not known yet.
var Unknown = tftypes.UnknownValue

// NewProtocol serves a provider that is not configured yet.
func NewProtocol(t *testing.T) *Protocol {
	t.Helper()
	server := provider.NewServer("test")
	p := &Protocol{t: t, Server: server}
	var err error
	if p.Schemas, err = server.GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{}); err != nil {
		t.Fatal(err)
	}
	p.must("GetProviderSchema", p.Schemas.Diagnostics)
	ids, err := server.GetResourceIdentitySchemas(context.Background(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		t.Fatal(err)
	}
	p.ids = ids.IdentitySchemas
	return p
}

// Configured serves a provider with the given configuration, which must be accepted without an error.
func Configured(t *testing.T, config Object) *Protocol {
	t.Helper()
	p := NewProtocol(t)
	p.must("ConfigureProvider", p.Configure(config))
	return p
}

// Validate checks the provider's configuration, as `terraform validate` does.
func (p *Protocol) Validate(config Object) []*tfprotov6.Diagnostic {
	p.t.Helper()
	req := &tfprotov6.ValidateProviderConfigRequest{Config: p.Dynamic(p.providerType(), config)}
	resp, err := p.Server.ValidateProviderConfig(p.t.Context(), req)
	if err != nil {
		p.t.Fatal(err)
	}
	return resp.Diagnostics
}

// Configure configures the provider.
func (p *Protocol) Configure(config Object) []*tfprotov6.Diagnostic {
	p.t.Helper()
	resp, err := p.Server.ConfigureProvider(p.t.Context(), &tfprotov6.ConfigureProviderRequest{
		TerraformVersion: "1.14.0", Config: p.Dynamic(p.providerType(), config),
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return resp.Diagnostics
}

func (p *Protocol) providerType() tftypes.Type { return p.Schemas.Provider.ValueType() }

// ResourceType is the type of a resource's state.
func (p *Protocol) ResourceType(name string) tftypes.Type {
	p.t.Helper()
	schema, ok := p.Schemas.ResourceSchemas[name]
	if !ok {
		p.t.Fatalf("the provider has no resource %s", name)
	}
	return schema.ValueType()
}

// ReadData reads a data source.
func (p *Protocol) ReadData(name string, config Object) (Object, []*tfprotov6.Diagnostic) {
	p.t.Helper()
	schema, ok := p.Schemas.DataSourceSchemas[name]
	if !ok {
		p.t.Fatalf("the provider has no data source %s", name)
	}
	req := &tfprotov6.ReadDataSourceRequest{TypeName: name, Config: p.Dynamic(schema.ValueType(), config)}
	resp, err := p.Server.ReadDataSource(p.t.Context(), req)
	if err != nil {
		p.t.Fatal(err)
	}
	return p.object(schema.ValueType(), resp.State), resp.Diagnostics
}

// Dynamic encodes an object as a value of that type; nil is null.
func (p *Protocol) Dynamic(t tftypes.Type, object Object) *tfprotov6.DynamicValue {
	p.t.Helper()
	var value tftypes.Value
	if object == nil {
		value = tftypes.NewValue(t, nil)
	} else {
		value = p.value(t, object)
	}
	dynamic, err := tfprotov6.NewDynamicValue(t, value)
	if err != nil {
		p.t.Fatal(err)
	}
	return &dynamic
}

func (p *Protocol) value(t tftypes.Type, from any) tftypes.Value {
	p.t.Helper()
	if from == nil {
		return tftypes.NewValue(t, nil)
	}
	if from == Unknown {
		return tftypes.NewValue(t, tftypes.UnknownValue)
	}
	switch typed := t.(type) {
	case tftypes.Object:
		attributes := map[string]tftypes.Value{}
		object := from.(Object)
		for name, attributeType := range typed.AttributeTypes {
			attributes[name] = p.value(attributeType, object[name])
		}
		for name := range object {
			if _, ok := typed.AttributeTypes[name]; !ok {
				p.t.Fatalf("there is no attribute %s", name)
			}
		}
		return tftypes.NewValue(t, attributes)
	case tftypes.Map:
		elements := map[string]tftypes.Value{}
		for key, element := range from.(Object) {
			elements[key] = p.value(typed.ElementType, element)
		}
		return tftypes.NewValue(t, elements)
	case tftypes.List:
		return tftypes.NewValue(t, p.values(typed.ElementType, from))
	case tftypes.Set:
		return tftypes.NewValue(t, p.values(typed.ElementType, from))
	default:
		return tftypes.NewValue(t, from)
	}
}

func (p *Protocol) values(t tftypes.Type, from any) []tftypes.Value {
	p.t.Helper()
	elements := []tftypes.Value{}
	for _, element := range from.([]any) {
		elements = append(elements, p.value(t, element))
	}
	return elements
}

// object decodes a value; nil for a null object.
func (p *Protocol) object(t tftypes.Type, dynamic *tfprotov6.DynamicValue) Object {
	p.t.Helper()
	if dynamic == nil {
		return nil
	}
	value, err := dynamic.Unmarshal(t)
	if err != nil {
		p.t.Fatal(err)
	}
	object, _ := p.plain(value).(Object)
	return object
}

// plain turns a value into Go values: nil, string, bool, int64, []any, Object, or Unknown.
func (p *Protocol) plain(value tftypes.Value) any {
	p.t.Helper()
	switch {
	case value.IsNull():
		return nil
	case !value.IsKnown():
		return Unknown
	}
	var err error
	var plain any
	switch t := value.Type(); {
	case t.Is(tftypes.String):
		var text string
		err = value.As(&text)
		plain = text
	case t.Is(tftypes.Bool):
		var truth bool
		err = value.As(&truth)
		plain = truth
	case t.Is(tftypes.Number):
		number := newFloat()
		err = value.As(&number)
		whole, _ := number.Int64()
		plain = whole
	case t.Is(tftypes.Object{}), t.Is(tftypes.Map{}):
		var elements map[string]tftypes.Value
		err = value.As(&elements)
		object := Object{}
		for key, element := range elements {
			object[key] = p.plain(element)
		}
		plain = object
	default:
		var elements []tftypes.Value
		err = value.As(&elements)
		list := []any{}
		for _, element := range elements {
			list = append(list, p.plain(element))
		}
		plain = list
	}
	if err != nil {
		p.t.Fatal(err)
	}
	return plain
}

// must ends the test on an error; warnings pass.
func (p *Protocol) must(what string, diagnostics []*tfprotov6.Diagnostic) {
	p.t.Helper()
	if text := Errors(diagnostics); text != "" {
		p.t.Fatalf("%s: %s", what, text)
	}
}

// Errors is the text of the errors among diagnostics, "" when there is none.
func Errors(diagnostics []*tfprotov6.Diagnostic) string {
	return textOf(diagnostics, tfprotov6.DiagnosticSeverityError)
}

// Warnings is the text of the warnings among diagnostics, "" when there is none.
func Warnings(diagnostics []*tfprotov6.Diagnostic) string {
	return textOf(diagnostics, tfprotov6.DiagnosticSeverityWarning)
}

// textOf writes each diagnostic as "path: summary: detail", the path only where there is one.
func textOf(diagnostics []*tfprotov6.Diagnostic, severity tfprotov6.DiagnosticSeverity) string {
	var lines []string
	for _, diagnostic := range diagnostics {
		if diagnostic.Severity != severity {
			continue
		}
		line := diagnostic.Summary + ": " + diagnostic.Detail
		if diagnostic.Attribute != nil && len(diagnostic.Attribute.Steps()) > 0 {
			line = fmt.Sprintf("%s: %s", pathText(diagnostic.Attribute), line)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// pathText is a path as people write it: cloudshell.url.
func pathText(attribute *tftypes.AttributePath) string {
	var steps []string
	for _, step := range attribute.Steps() {
		switch step := step.(type) {
		case tftypes.AttributeName:
			steps = append(steps, string(step))
		case tftypes.ElementKeyString:
			steps = append(steps, string(step))
		case tftypes.ElementKeyInt:
			steps = append(steps, fmt.Sprint(int64(step)))
		}
	}
	return strings.Join(steps, ".")
}
