// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/external-directory/terraform-provider-directory/internal/framework/packed"
)

// packingServer shows Terraform the packed attributes of resources as the maps that they are, and the framework as
// texts.
type packingServer struct {
	completeServer
	packed map[string]map[string]bool // attribute names, by type of the resource
}

// packedAttributes finds the packed attributes of all resources.
func packedAttributes(ctx context.Context, from provider.Provider) map[string]map[string]bool {
	found := map[string]map[string]bool{}
	var about provider.MetadataResponse
	from.Metadata(ctx, provider.MetadataRequest{}, &about)
	for _, newResource := range from.Resources(ctx) {
		var name resource.MetadataResponse
		var described resource.SchemaResponse
		one := newResource()
		one.Metadata(ctx, resource.MetadataRequest{ProviderTypeName: about.TypeName}, &name)
		one.Schema(ctx, resource.SchemaRequest{}, &described)
		if names := packed.Names(described.Schema.Attributes); len(names) > 0 {
			found[name.TypeName] = names
		}
	}
	return found
}

func (s *packingServer) GetProviderSchema(
	ctx context.Context, req *tfprotov6.GetProviderSchemaRequest,
) (*tfprotov6.GetProviderSchemaResponse, error) {
	resp, err := s.completeServer.GetProviderSchema(ctx, req)
	if err != nil {
		return nil, err
	}
	for typeName, names := range s.packed {
		schema, ok := resp.ResourceSchemas[typeName]
		if !ok { // the diagnostics say why
			continue
		}
		for _, attribute := range schema.Block.Attributes {
			if names[attribute.Name] {
				attribute.Type = tftypes.Map{ElementType: tftypes.String}
			}
		}
	}
	return resp, nil
}

func (s *packingServer) ValidateResourceConfig(
	ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest,
) (*tfprotov6.ValidateResourceConfigResponse, error) {
	changed := *req
	if err := s.pack(req.TypeName, &changed.Config); err != nil {
		return nil, err
	}
	return s.completeServer.ValidateResourceConfig(ctx, &changed)
}

func (s *packingServer) UpgradeResourceState(
	ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest,
) (*tfprotov6.UpgradeResourceStateResponse, error) {
	changed := *req
	state, taken, err := packed.TakeOut(req.RawState, s.packed[req.TypeName])
	if err != nil {
		return nil, err
	}
	changed.RawState = state
	resp, err := s.completeServer.UpgradeResourceState(ctx, &changed)
	if err != nil {
		return nil, err
	}
	resp.UpgradedState, err = packed.PutBack(resp.UpgradedState, taken)
	return resp, err
}

func (s *packingServer) ReadResource(
	ctx context.Context, req *tfprotov6.ReadResourceRequest,
) (*tfprotov6.ReadResourceResponse, error) {
	changed := *req
	if err := s.pack(req.TypeName, &changed.CurrentState); err != nil {
		return nil, err
	}
	resp, err := s.completeServer.ReadResource(ctx, &changed)
	if err != nil {
		return nil, err
	}
	return resp, s.unpack(req.TypeName, &resp.NewState)
}

func (s *packingServer) PlanResourceChange(
	ctx context.Context, req *tfprotov6.PlanResourceChangeRequest,
) (*tfprotov6.PlanResourceChangeResponse, error) {
	changed := *req
	if err := s.pack(req.TypeName, &changed.PriorState, &changed.ProposedNewState, &changed.Config); err != nil {
		return nil, err
	}
	resp, err := s.completeServer.PlanResourceChange(ctx, &changed)
	if err != nil {
		return nil, err
	}
	return resp, s.unpack(req.TypeName, &resp.PlannedState)
}

func (s *packingServer) ApplyResourceChange(
	ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest,
) (*tfprotov6.ApplyResourceChangeResponse, error) {
	changed := *req
	if err := s.pack(req.TypeName, &changed.PriorState, &changed.PlannedState, &changed.Config); err != nil {
		return nil, err
	}
	resp, err := s.completeServer.ApplyResourceChange(ctx, &changed)
	if err != nil {
		return nil, err
	}
	return resp, s.unpack(req.TypeName, &resp.NewState)
}

func (s *packingServer) ImportResourceState(
	ctx context.Context, req *tfprotov6.ImportResourceStateRequest,
) (*tfprotov6.ImportResourceStateResponse, error) {
	resp, err := s.completeServer.ImportResourceState(ctx, req)
	if err != nil {
		return nil, err
	}
	for _, imported := range resp.ImportedResources {
		if err := s.unpack(imported.TypeName, &imported.State); err != nil {
			return nil, err
		}
	}
	return resp, nil
}

func (s *packingServer) MoveResourceState(
	ctx context.Context, req *tfprotov6.MoveResourceStateRequest,
) (*tfprotov6.MoveResourceStateResponse, error) {
	resp, err := s.completeServer.MoveResourceState(ctx, req)
	if err != nil {
		return nil, err
	}
	return resp, s.unpack(req.TargetTypeName, &resp.TargetState)
}

func (s *packingServer) GenerateResourceConfig(
	ctx context.Context, req *tfprotov6.GenerateResourceConfigRequest,
) (*tfprotov6.GenerateResourceConfigResponse, error) {
	changed := *req
	if err := s.pack(req.TypeName, &changed.State); err != nil {
		return nil, err
	}
	resp, err := s.completeServer.GenerateResourceConfig(ctx, &changed)
	if err != nil {
		return nil, err
	}
	return resp, s.unpack(req.TypeName, &resp.Config)
}

func (s *packingServer) ListResource(
	ctx context.Context, req *tfprotov6.ListResourceRequest,
) (*tfprotov6.ListResourceServerStream, error) {
	stream, err := s.completeServer.ListResource(ctx, req)
	if err != nil || len(s.packed[req.TypeName]) == 0 {
		return stream, err
	}
	found := stream.Results
	stream.Results = func(push func(tfprotov6.ListResourceResult) bool) {
		for result := range found {
			if err := s.unpack(req.TypeName, &result.Resource); err != nil {
				result.Resource = nil
				result.Diagnostics = append(result.Diagnostics, &tfprotov6.Diagnostic{
					Severity: tfprotov6.DiagnosticSeverityError, Summary: "Unable to List Resources", Detail: err.Error(),
				})
			}
			if !push(result) {
				return
			}
		}
	}
	return stream, nil
}

// pack replaces values of a resource with what the framework has of them.
func (s *packingServer) pack(typeName string, values ...**tfprotov6.DynamicValue) error {
	return s.convert(packed.Pack, typeName, values)
}

// unpack replaces values of a resource with what Terraform has of them.
func (s *packingServer) unpack(typeName string, values ...**tfprotov6.DynamicValue) error {
	return s.convert(packed.Unpack, typeName, values)
}

func (s *packingServer) convert(
	convert func(*tfprotov6.DynamicValue, map[string]bool) (*tfprotov6.DynamicValue, error),
	typeName string, values []**tfprotov6.DynamicValue,
) error {
	names := s.packed[typeName]
	if len(names) == 0 {
		return nil
	}
	for _, value := range values {
		converted, err := convert(*value, names)
		if err != nil {
			return fmt.Errorf("value of %s: %w", typeName, err)
		}
		*value = converted
	}
	return nil
}
