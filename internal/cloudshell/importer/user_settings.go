package importer

import (
	"context"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
)

// ChangeSettings reads the user, lets change edit them, writes them where it reports a change, and returns them as the
// server then has them. The read comes right before the write, since the write sends everything, group memberships too.
// Only a known with the same id and person is changed (see SamePerson); ErrNotFound when there is none.
func (i *Importer) ChangeSettings(
	ctx context.Context, known cloudshellapi.User, change func(*cloudshellapi.User) bool,
) (cloudshellapi.User, error) {
	user, err := i.client.ReadUser(ctx, known.ID)
	if err != nil {
		return user, err
	}
	if !SamePerson(user, known) {
		return user, &OtherPersonError{Known: known, Found: user}
	}
	before := user
	if !change(&user) {
		return before, nil
	}
	if before.IsActive && !user.IsActive || before.IsAdmin && !user.IsAdmin {
		if err := i.Protected(before); err != nil {
			return before, err
		}
	}
	if err := i.client.UpdateUser(ctx, user); err != nil {
		return i.written(ctx, user, change, err)
	}
	return i.client.ReadUser(ctx, user.ID)
}

// written finds out whether a write took effect whose answer is in doubt.
func (i *Importer) written(
	ctx context.Context, user cloudshellapi.User, change func(*cloudshellapi.User) bool, cause error,
) (cloudshellapi.User, error) {
	if !inDoubt(ctx, cause) {
		return user, cause
	}
	outliving, cancel := proving(ctx)
	defer cancel()
	held, err := i.client.ReadUser(outliving, user.ID)
	if err != nil {
		return user, cause
	}
	if left := held; change(&left) {
		return held, cause
	}
	return held, nil
}
