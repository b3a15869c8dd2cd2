// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"math/big"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Instance is one managed resource as Terraform keeps it.
type Instance struct {
	p    *Protocol
	Type string

	State    Object // nil: there is none
	Private  []byte
	Identity Object // nil: there is none
	Planned  Object // what the last Apply planned
}

// Instance returns a resource that does not exist yet.
func (p *Protocol) Instance(typeName string) *Instance {
	return &Instance{p: p, Type: typeName}
}

// In returns the same resource in the hands of another provider process, as in the next run of Terraform.
func (i *Instance) In(p *Protocol) *Instance {
	return &Instance{p: p, Type: i.Type, State: i.State, Private: i.Private, Identity: i.Identity}
}

// Validate checks a configuration of the resource, as `terraform validate` does.
func (i *Instance) Validate(config Object) []*tfprotov6.Diagnostic {
	i.p.t.Helper()
	resp, err := i.p.Server.ValidateResourceConfig(i.p.t.Context(), &tfprotov6.ValidateResourceConfigRequest{
		TypeName: i.Type, Config: i.p.Dynamic(i.p.ResourceType(i.Type), config),
	})
	if err != nil {
		i.p.t.Fatal(err)
	}
	return resp.Diagnostics
}

// Plan plans a change to the given configuration; nil destroys. It changes nothing.
func (i *Instance) Plan(config Object) (*tfprotov6.PlanResourceChangeResponse, Object) {
	i.p.t.Helper()
	resp, err := i.p.Server.PlanResourceChange(i.p.t.Context(), i.PlanRequest(config))
	if err != nil {
		i.p.t.Fatal(err)
	}
	return resp, i.p.object(i.p.ResourceType(i.Type), resp.PlannedState)
}

// PlanRequest is what Plan sends.
func (i *Instance) PlanRequest(config Object) *tfprotov6.PlanResourceChangeRequest {
	i.p.t.Helper()
	t := i.p.ResourceType(i.Type)
	return &tfprotov6.PlanResourceChangeRequest{
		TypeName: i.Type, PriorState: i.p.Dynamic(t, i.State), ProposedNewState: i.p.Dynamic(t, i.proposed(config)),
		Config: i.p.Dynamic(t, config), PriorPrivate: i.Private, PriorIdentity: i.identityData(i.Identity),
	}
}

// Apply plans and applies a configuration; nil destroys. The instance becomes what the provider answered, with errors
// too. A plan that replaces is applied as an update: look at Plan first.
func (i *Instance) Apply(config Object) []*tfprotov6.Diagnostic {
	i.p.t.Helper()
	var planned *tfprotov6.PlanResourceChangeResponse
	planned, i.Planned = i.Plan(config)
	if Errors(planned.Diagnostics) != "" {
		return planned.Diagnostics
	}
	t := i.p.ResourceType(i.Type)
	resp, err := i.p.Server.ApplyResourceChange(i.p.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: i.Type, PriorState: i.p.Dynamic(t, i.State), PlannedState: planned.PlannedState,
		Config:         i.p.Dynamic(t, config),
		PlannedPrivate: planned.PlannedPrivate, PlannedIdentity: planned.PlannedIdentity,
	})
	if err != nil {
		i.p.t.Fatal(err)
	}
	i.State, i.Private, i.Identity = i.p.object(t, resp.NewState), resp.Private, i.identity(resp.NewIdentity)
	return append(planned.Diagnostics, resp.Diagnostics...)
}

// Refresh reads the resource again.
func (i *Instance) Refresh() []*tfprotov6.Diagnostic {
	i.p.t.Helper()
	t := i.p.ResourceType(i.Type)
	resp, err := i.p.Server.ReadResource(i.p.t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: i.Type, CurrentState: i.p.Dynamic(t, i.State), Private: i.Private,
		CurrentIdentity: i.identityData(i.Identity),
	})
	if err != nil {
		i.p.t.Fatal(err)
	}
	i.State, i.Private, i.Identity = i.p.object(t, resp.NewState), resp.Private, i.identity(resp.NewIdentity)
	return resp.Diagnostics
}

// Import brings an existing object into state by ID, or by identity when id is "".
func (i *Instance) Import(id string, identity Object) []*tfprotov6.Diagnostic {
	i.p.t.Helper()
	req := &tfprotov6.ImportResourceStateRequest{TypeName: i.Type, ID: id}
	if id == "" {
		req.Identity = i.identityData(identity)
	}
	resp, err := i.p.Server.ImportResourceState(i.p.t.Context(), req)
	if err != nil {
		i.p.t.Fatal(err)
	}
	if len(resp.ImportedResources) == 1 {
		imported := resp.ImportedResources[0]
		i.State, i.Private = i.p.object(i.p.ResourceType(i.Type), imported.State), imported.Private
		i.Identity = i.identity(imported.Identity)
	}
	return resp.Diagnostics
}

// Move moves the state of another provider's resource here, as a moved block does: its attributes are given as JSON.
func (i *Instance) Move(providerAddress, typeName, attributes string) []*tfprotov6.Diagnostic {
	i.p.t.Helper()
	resp, err := i.p.Server.MoveResourceState(i.p.t.Context(), &tfprotov6.MoveResourceStateRequest{
		SourceProviderAddress: providerAddress, SourceTypeName: typeName, TargetTypeName: i.Type,
		SourceState: &tfprotov6.RawState{JSON: []byte(attributes)},
	})
	if err != nil {
		i.p.t.Fatal(err)
	}
	if resp.TargetState != nil {
		i.State, i.Private = i.p.object(i.p.ResourceType(i.Type), resp.TargetState), resp.TargetPrivate
		i.Identity = i.identity(resp.TargetIdentity)
	}
	return resp.Diagnostics
}

// proposed is what Terraform proposes: the configuration, and prior values of attributes that it leaves out and that
// the provider computes. Nested attributes are taken from the configuration alone.
func (i *Instance) proposed(config Object) Object {
	if config == nil {
		return nil
	}
	proposed := Object{}
	for _, attribute := range i.p.Schemas.ResourceSchemas[i.Type].Block.Attributes {
		value := config[attribute.Name]
		if value == nil && attribute.Computed {
			value = i.State[attribute.Name] // a nil State reads as null
		}
		proposed[attribute.Name] = value
	}
	for _, block := range i.p.Schemas.ResourceSchemas[i.Type].Block.BlockTypes {
		proposed[block.TypeName] = config[block.TypeName]
	}
	return proposed
}

func (i *Instance) identityData(identity Object) *tfprotov6.ResourceIdentityData {
	i.p.t.Helper()
	if identity == nil {
		return nil
	}
	return &tfprotov6.ResourceIdentityData{IdentityData: i.p.Dynamic(i.identityType(), identity)}
}

func (i *Instance) identity(data *tfprotov6.ResourceIdentityData) Object {
	i.p.t.Helper()
	if data == nil {
		return nil
	}
	return i.p.object(i.identityType(), data.IdentityData)
}

func (i *Instance) identityType() tftypes.Type {
	i.p.t.Helper()
	schema, ok := i.p.ids[i.Type]
	if !ok {
		i.p.t.Fatalf("%s has no identity", i.Type)
	}
	return schema.ValueType()
}

func newFloat() *big.Float { return new(big.Float) }
