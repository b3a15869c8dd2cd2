// SPDX-License-Identifier: MPL-2.0

// Command null serves a provider that does nothing, with the schemas of the real one: what Terraform and an untuned
// plugin framework cost by themselves. The real provider is measured against it.
package main

import (
	"context"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	directory "github.com/external-directory/terraform-provider-directory/internal/provider"
)

func main() {
	err := providerserver.Serve(
		context.Background(),
		func() provider.Provider { return nullProvider{directory.New("null")()} },
		providerserver.ServeOpts{Address: "registry.terraform.io/external-directory/directory"},
	)
	if err != nil {
		log.Fatal(err)
	}
}

// nullProvider offers the resources of the real provider without what they do.
type nullProvider struct {
	real provider.Provider
}

func (p nullProvider) Metadata(ctx context.Context, req provider.MetadataRequest, resp *provider.MetadataResponse) {
	p.real.Metadata(ctx, req, resp)
}

func (p nullProvider) Schema(ctx context.Context, req provider.SchemaRequest, resp *provider.SchemaResponse) {
	p.real.Schema(ctx, req, resp)
}

func (p nullProvider) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}

func (p nullProvider) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (p nullProvider) Resources(ctx context.Context) []func() resource.Resource {
	var factories []func() resource.Resource
	for _, factory := range p.real.Resources(ctx) {
		factories = append(factories, func() resource.Resource { return nullResource{factory()} })
	}
	return factories
}

// nullResource keeps whatever Terraform tells it. Embedding just the interface hides everything optional of the real
// resource: identity, plan modification, validation.
type nullResource struct {
	resource.Resource
}

func (r nullResource) Metadata(ctx context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	var held resource.MetadataResponse
	r.Resource.Metadata(ctx, req, &held)
	resp.TypeName = held.TypeName
}

// Create keeps what is planned. Terraform allows no unknown values after an apply, so they become null.
func (r nullResource) Create(_ context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	known, err := tftypes.Transform(req.Plan.Raw, func(_ *tftypes.AttributePath, v tftypes.Value) (tftypes.Value, error) {
		if v.IsKnown() {
			return v, nil
		}
		return tftypes.NewValue(v.Type(), nil), nil
	})
	if err != nil {
		resp.Diagnostics.AddError("Unable to Create", err.Error())
		return
	}
	resp.State.Raw = known
}

// Read answers with the state that it was asked about, which is what a response begins with.
func (r nullResource) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

func (r nullResource) Update(_ context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.State.Raw = req.Plan.Raw
}

func (r nullResource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}
