package cloudshell

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// importTimeout bounds the import where `timeouts` does not.
const importTimeout = 20 * time.Minute

// importedGroupResource is directory_cloudshell_imported_group. Whom it takes in and lets go is decided by package roster;
// here is what Terraform and CloudShell have to do with it.
type importedGroupResource struct {
	set *clients.Set
}

var (
	_ resource.ResourceWithConfigure      = (*importedGroupResource)(nil)
	_ resource.ResourceWithIdentity       = (*importedGroupResource)(nil)
	_ resource.ResourceWithImportState    = (*importedGroupResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*importedGroupResource)(nil)
	_ resource.ResourceWithValidateConfig = (*importedGroupResource)(nil)
)

// NewImportedGroupResource makes the resource directory_cloudshell_imported_group.
func NewImportedGroupResource() resource.Resource { return &importedGroupResource{} }

func (r *importedGroupResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_cloudshell_imported_group"
}

func (r *importedGroupResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.set = framework.Clients(req.ProviderData, &resp.Diagnostics)
}

// ImportState takes the group's name. Read does the rest.
func (r *importedGroupResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	resource.ImportStatePassthroughWithIdentity(ctx, path.Root("name"), path.Root("name"), req, resp)
}

// client returns the client, or nil after an error.
func (r *importedGroupResource) client(group string, diags *diag.Diagnostics) *cloudshellapi.Client {
	client, err := r.set.CloudShell()
	if err != nil {
		framework.AddFault(diags, clients.CloudShell, unableTo("Manage", group), err)
		return nil
	}
	return client
}
