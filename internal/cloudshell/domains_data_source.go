// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"context"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// domainsDataSource is directory_cloudshell_domains.
type domainsDataSource struct{ dataSource }

type domainsModel struct {
	NameContains    types.String   `tfsdk:"name_contains"`
	IncludeArchived types.Bool     `tfsdk:"include_archived"`
	Names           []string       `tfsdk:"names"`
	Domains         []domainObject `tfsdk:"domains"`
}

type domainObject struct {
	ID            types.String `tfsdk:"id"`
	Name          types.String `tfsdk:"name"`
	Description   types.String `tfsdk:"description"`
	Archived      types.Bool   `tfsdk:"archived"`
	EndTime       types.String `tfsdk:"end_time"`
	LicensePoolID types.String `tfsdk:"license_pool_id"`
}

var _ datasource.DataSourceWithConfigure = (*domainsDataSource)(nil)

// NewDomainsDataSource makes the data source directory_cloudshell_domains.
func NewDomainsDataSource() datasource.DataSource {
	return &domainsDataSource{newDataSource("cloudshell_domains")}
}

func (d *domainsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the domains of CloudShell, which a `directory_cloudshell_group` can give access to, " +
			"sorted by name.",
		Attributes: map[string]schema.Attribute{
			"name_contains": schema.StringAttribute{
				Optional: true, Validators: []validator.String{framework.NotBlank()},
				MarkdownDescription: "Only domains whose name contains this text, in upper or lower case.",
			},
			"include_archived": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "Whether to include archived domains, which no group can get. Default `false`.",
			},
			"names": schema.ListAttribute{
				Computed: true, ElementType: types.StringType, MarkdownDescription: "Names of the domains, sorted.",
			},
			"domains": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "The domains, sorted by name.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":              shown("Id of the domain in CloudShell (a UUID)."),
					"name":            shown("Name."),
					"description":     shown("Description."),
					"archived":        schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the domain is archived."},
					"end_time":        shown("When the domain ends, as CloudShell writes it."),
					"license_pool_id": shown("Id of the license pool that the domain uses."),
				}},
			},
		},
	}
}

func (d *domainsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config domainsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	const summary = "Unable to List CloudShell Domains"
	client := d.client(summary, &resp.Diagnostics)
	if client == nil {
		return
	}
	domains, err := client.DomainsSince(ctx, time.Now().Add(-rememberedFor))
	if err != nil {
		addFault(&resp.Diagnostics, summary, err)
		return
	}
	config.Names, config.Domains = []string{}, []domainObject{}
	byName := func(a, b cloudshellapi.Domain) int { return names.Compare(a.Name, b.Name) }
	for _, domain := range slices.SortedFunc(slices.Values(domains), byName) {
		if !names.Contains(domain.Name, config.NameContains.ValueString()) ||
			domain.Archived && !config.IncludeArchived.ValueBool() {
			continue
		}
		config.Names = append(config.Names, domain.Name)
		config.Domains = append(config.Domains, domainObject{
			ID:            types.StringValue(domain.ID),
			Name:          types.StringValue(domain.Name),
			Description:   textOrNull(&domain.Description),
			Archived:      types.BoolValue(domain.Archived),
			EndTime:       textOrNull(&domain.EndTime),
			LicensePoolID: textOrNull(&domain.LicensePoolID),
		})
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}
