package vcd

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
)

// lookAgain bounds the look for a user after an answer was lost, which has to go on when Terraform is interrupted.
const lookAgain = 30 * time.Second

// importedUser is a user after Create, and whether Create brought the user in.
type importedUser struct {
	user    vcdapi.User
	created bool
}

// importUser brings a user in, or adopts the one who is there. nil after an error; then nothing was made.
func importUser(ctx context.Context, tenant *vcdapi.Tenant, wanted vcdapi.User, summary string, diags *diag.Diagnostics) *importedUser {
	user, err := tenant.CreateUser(ctx, wanted)
	if mayHaveActed(err) {
		user, err = afterLostAnswer(ctx, tenant, wanted, err)
	}
	switch {
	case err == nil:
		return &importedUser{user: user, created: true}
	case errors.Is(err, vcdapi.ErrExists):
		return adopt(ctx, tenant, wanted, err, summary, diags)
	case refusesName(err):
		addAttributeFault(diags, path.Root("name"), summary, err,
			"If the directory does not know the name, check its spelling: it must equal the attribute that the organization's LDAP settings name, such as sAMAccountName.")
	default:
		addFault(diags, summary, err)
	}
	return nil
}

// refusesName tells whether the server took offence at the content of an import, which is the name as a rule: roles and other
// settings have been checked before.
func refusesName(err error) bool {
	switch transport.Status(err) {
	case http.StatusBadRequest, http.StatusNotFound, http.StatusInternalServerError:
		return true
	default:
		return false
	}
}

// mayHaveActed tells whether the server may have imported the user although no answer of its own says so: the answer was lost, or
// a gateway on the way answered in its place.
func mayHaveActed(err error) bool {
	switch transport.Status(err) {
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	default:
		return errors.Is(err, transport.ErrAnswerLost)
	}
}

// afterLostAnswer finds out what became of an import whose answer was lost, an interrupted one too. The user is there exactly as
// wanted: it was this import that made them. The user is not there: it is safe to ask again, since the server takes a name once
// only; should the first import come through meanwhile, the second is refused, and a second look finds the user.
func afterLostAnswer(ctx context.Context, tenant *vcdapi.Tenant, wanted vcdapi.User, lost error) (vcdapi.User, error) {
	look, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookAgain)
	defer cancel()
	for attempt := 1; ; attempt++ {
		found, err := tenant.FindUser(look, wanted.Username, wanted.ProviderType)
		switch {
		case err == nil && found.ProviderType == wanted.ProviderType && asWanted(found, wanted):
			return found, nil
		case err == nil:
			return found, fmt.Errorf("%w: %w", vcdapi.ErrExists, lost)
		case !errors.Is(err, vcdapi.ErrNotFound):
			return found, fmt.Errorf("%w; and whether the user came in cannot be told: %w", lost, err)
		case ctx.Err() != nil:
			return found, lost
		}
		created, err := tenant.CreateUser(ctx, wanted)
		if !errors.Is(err, vcdapi.ErrExists) || attempt == 2 {
			return created, err
		}
	}
}

// asWanted tells whether a user has all that an import asked for.
func asWanted(found, wanted vcdapi.User) bool {
	return sameSettings(found, overlay(found, wanted))
}

// overlay is a user with the settings that are wanted of them.
func overlay(user, wanted vcdapi.User) vcdapi.User {
	user.Roles, user.Enabled, user.Description = wanted.Roles, wanted.Enabled, wanted.Description
	if wanted.InheritGroupRoles != nil {
		user.InheritGroupRoles = wanted.InheritGroupRoles
	}
	if wanted.DeployedVMQuota != nil {
		user.DeployedVMQuota = wanted.DeployedVMQuota
	}
	if wanted.StoredVMQuota != nil {
		user.StoredVMQuota = wanted.StoredVMQuota
	}
	return user
}

// adopt takes over a user who was there before, with the settings that are wanted. A failure leaves no state behind, since a
// tainted resource would be replaced, and the user with it.
func adopt(ctx context.Context, tenant *vcdapi.Tenant, wanted vcdapi.User, exists error, summary string, diags *diag.Diagnostics) *importedUser {
	found, err := tenant.FindUser(ctx, wanted.Username, wanted.ProviderType)
	if errors.Is(err, vcdapi.ErrNotFound) {
		addAttributeFault(diags, path.Root("name"), summary, exists, "The server says that the name is taken, yet lists no user of that name: it may be taken by a group, or be that of a user in deletion.")
		return nil
	}
	if err != nil {
		addFault(diags, summary, err, "A user of that name exists already, and was to be adopted.")
		return nil
	}
	if found.ProviderType != wanted.ProviderType {
		refuseProviderType(found, wanted, summary, diags)
		return nil
	}
	if !asWanted(found, wanted) {
		if found = updateAdopted(ctx, tenant, overlay(found, wanted), summary, diags); diags.HasError() {
			return nil
		}
	}
	diags.AddAttributeWarning(path.Root("name"), "Existing Cloud Director User Adopted",
		fmt.Sprintf("User %q was in organization %q already and is managed by this resource from now on. With deletion_policy = %q the user stays when "+
			"the resource is destroyed.", found.Username, tenant.Name(), policyAuto))
	return &importedUser{user: found}
}

func updateAdopted(ctx context.Context, tenant *vcdapi.Tenant, user vcdapi.User, summary string, diags *diag.Diagnostics) vcdapi.User {
	const existed = "A user of that name exists already, and could not be given the wanted settings. Nothing was changed."
	if !user.Enabled && tenant.IsLoginAccount(user) {
		diags.AddAttributeError(path.Root("enabled"), summary, "This is the account that the provider itself logs in with, which is never disabled.")
		return user
	}
	updated, err := tenant.UpdateUser(ctx, user)
	switch {
	case errors.Is(err, vcdapi.ErrLocked):
		addAttributeFault(diags, path.Root("name"), summary, err, existed)
	case err != nil:
		addFault(diags, summary, err, existed)
	}
	return updated
}

// refuseProviderType explains why a user of another provider type is not touched.
func refuseProviderType(found, wanted vcdapi.User, summary string, diags *diag.Diagnostics) {
	if !found.Imported() {
		diags.AddAttributeError(path.Root("name"), summary, fmt.Sprintf("A local account named %q exists in the organization. Local accounts are never "+
			"adopted or changed. Rename or delete it in Cloud Director, or import under another name.", found.Username))
		return
	}
	diags.AddAttributeError(path.Root("provider_type"), summary, fmt.Sprintf("A user named %q exists in the organization with provider type %s, and %s is wanted. "+
		"A user's provider type cannot be changed. Set provider_type = %q to manage that user, or delete the user first.",
		found.Username, found.ProviderType, wanted.ProviderType, found.ProviderType))
}
