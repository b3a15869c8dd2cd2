// SPDX-License-Identifier: MPL-2.0

package acctest

import "github.com/hashicorp/terraform-plugin-go/tfprotov6"

// Listed is one result of a list resource.
type Listed struct {
	DisplayName string
	Identity    Object
	Resource    Object // nil when it was not asked for
	Diagnostics []*tfprotov6.Diagnostic
}

// List runs a list block, as `terraform query` does; a limit of 0 is none.
func (p *Protocol) List(typeName string, config Object, includeResource bool, limit int64) []Listed {
	p.t.Helper()
	schema, ok := p.Schemas.ListResourceSchemas[typeName]
	if !ok {
		p.t.Fatalf("the provider has no list resource %s", typeName)
	}
	server, ok := p.Server.(tfprotov6.ListResourceServer)
	if !ok {
		p.t.Fatal("the provider's server has no list resources")
	}
	stream, err := server.ListResource(p.t.Context(), &tfprotov6.ListResourceRequest{
		TypeName: typeName, Config: p.Dynamic(schema.ValueType(), config), IncludeResource: includeResource, Limit: limit,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	instance := p.Instance(typeName)
	var results []Listed
	for result := range stream.Results {
		results = append(results, Listed{
			DisplayName: result.DisplayName, Identity: instance.identity(result.Identity),
			Resource: p.object(p.ResourceType(typeName), result.Resource), Diagnostics: result.Diagnostics,
		})
	}
	return results
}

// Invoke runs an action and returns what it reported on the way, and how it ended.
func (p *Protocol) Invoke(typeName string, config Object) ([]string, []*tfprotov6.Diagnostic) {
	p.t.Helper()
	schema, ok := p.Schemas.ActionSchemas[typeName]
	if !ok {
		p.t.Fatalf("the provider has no action %s", typeName)
	}
	server, ok := p.Server.(tfprotov6.ActionServer)
	if !ok {
		p.t.Fatal("the provider's server has no actions")
	}
	stream, err := server.InvokeAction(p.t.Context(), &tfprotov6.InvokeActionRequest{
		ActionType: typeName, Config: p.Dynamic(schema.Schema.ValueType(), config),
	})
	if err != nil {
		p.t.Fatal(err)
	}
	var progress []string
	var diagnostics []*tfprotov6.Diagnostic
	for event := range stream.Events {
		switch event := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			progress = append(progress, event.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			diagnostics = append(diagnostics, event.Diagnostics...)
		}
	}
	return progress, diagnostics
}
