// SPDX-License-Identifier: MPL-2.0

package importer_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/importer"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

const importPath = "/api/v1/integrations/IdentityManagement/users"

// start serves a CloudShell and an Importer for it.
func start(t *testing.T, options cloudshell.Options) (*cloudshell.Server, *importer.Importer, *cloudshellapi.Client) {
	t.Helper()
	server, err := cloudshell.Start(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	client, err := cloudshellapi.New(cloudshellapi.Config{
		URL: server.URL(), Username: server.Username(), Password: server.Password(),
		HTTP: transport.Config{RequestTimeout: 5 * time.Second, MaxRetries: -1},
	})
	if err != nil {
		t.Fatal(err)
	}
	return server, importer.New(client), client
}

func mustLook(t *testing.T, i *importer.Importer, name string) importer.Look {
	t.Helper()
	look, err := i.Look(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return look
}

// After every fault the outcome is the account, or the proof that there is none.
func TestImportInDoubt(t *testing.T) {
	t.Parallel()
	acted := func(status int) faults.Fault { return faults.AnswerAfter(status, "text/html", "<h1>Sorry</h1>") }
	for _, name := range []string{"jporter", "James Porter"} {
		for _, exists := range []cloudshell.ExistsAnswer{cloudshell.ExistsConflict, cloudshell.ExistsError,
			cloudshell.ExistsUnchanged} {
			for fault, lost := range map[string]faults.Fault{
				"cut before": faults.CutBefore(), "cut after": faults.CutAfter(), "truncated": faults.Truncate(),
				"garbled": faults.Garble(),
				"500":     acted(500), "502": acted(502), "503": acted(503), "504": acted(504), "500 before": faults.Status(500),
			} {
				for times := 1; times <= 2; times++ {
					if times == 2 && exists != cloudshell.ExistsConflict && (fault == "cut before" || fault == "500 before") {
						continue // takes seconds, and no answer of an existing user plays a part
					}
					t.Run(fmt.Sprintf("%s %d %s %d", name, exists, fault, times), func(t *testing.T) {
						t.Parallel()
						server, i, _ := start(t, cloudshell.Options{Exists: exists})
						server.Faults().Add(faults.Rule{Method: "POST", Path: importPath, Times: times, Fault: lost})
						done, err := i.ImportUser(t.Context(), mustLook(t, i, name), importer.NoConsent)
						user, there := server.User("jporter")
						switch {
						case err == nil && (!done.Created || done.User.ID != user.ID):
							t.Errorf("%+v, want user %d, created", done, user.ID)
						case err != nil && there:
							t.Errorf("an error although the account is there: %v", err)
						case err != nil && times == 1:
							t.Errorf("not sent again: %v", err)
						}
						if _, doubt := errors.AsType[*importer.DoubtError](err); err != nil && !doubt {
							t.Errorf("error %v, want a doubt", err)
						}
					})
				}
			}
		}
	}
}

// An interrupted run still finds out what came of its import: two seconds are left for the answer, two for look-ups.
// After that the outcome is in doubt.
func TestImportInterrupted(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"jporter", "James Porter"} {
		for _, takes := range []time.Duration{0, 1500 * time.Millisecond, 10 * time.Second} {
			t.Run(fmt.Sprint(name, takes), func(t *testing.T) {
				t.Parallel()
				server, i, _ := start(t, cloudshell.Options{ImportDelay: takes})
				look := mustLook(t, i, name)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				var interrupted time.Time
				interrupt := func() { interrupted = time.Now(); cancel() }
				rule := faults.Rule{Method: "POST", Path: importPath, Fault: faults.Call(interrupt)}
				if takes == 0 {
					rule.Fault = faults.CallAfter(func() { interrupt(); time.Sleep(50 * time.Millisecond) })
				}
				server.Faults().Add(rule)
				done, err := i.ImportUser(ctx, look, importer.NoConsent)
				if ended := time.Since(interrupted); ended > 6*time.Second {
					t.Errorf("ends %s after the interrupt, want 4s", ended)
				}
				if _, doubt := errors.AsType[*importer.DoubtError](err); takes > 4*time.Second && doubt {
					return
				}
				if err != nil || !done.Created || done.User.Username != "jporter" {
					t.Errorf("%+v %v", done, err)
				}
			})
		}
	}
}

// One word may be a display name. What is not proved is not created, and an account that exists is recognized.
func TestOneWordDisplayName(t *testing.T) {
	t.Parallel()
	for _, exists := range []cloudshell.ExistsAnswer{cloudshell.ExistsConflict, cloudshell.ExistsError} {
		directory := mockldap.Lab()
		directory.AddUser(people.User{Username: "erin.mixed", DisplayName: "Erin"})
		server, i, _ := start(t, cloudshell.Options{Directory: directory, Exists: exists, Local: cloudshell.LocalTakenOver})
		local := server.AddLocalUser("erin.mixed")
		_, err := i.ImportUser(t.Context(), mustLook(t, i, "Erin"), importer.MayUpdate)
		if fault, ok := errors.AsType[*importer.ExistsError](err); !ok || !fault.Local || fault.Username != "erin.mixed" {
			t.Errorf("a local user: %v", err)
		}
		if after, _ := server.User("erin.mixed"); after.IsImported() || after.ID != local.ID {
			t.Error("the local user was taken over")
		}
		server.RemoveUser("erin.mixed")
		if done, err := i.ImportUser(
			t.Context(),
			mustLook(t, i, "Erin"),
			importer.NoConsent,
		); err != nil || done.Created ||
			!done.Unproved {
			t.Errorf("a new one: %+v %v", done, err)
		}
		_, err = i.ImportUser(t.Context(), mustLook(t, i, "Erin"), importer.NoConsent)
		if fault, ok := errors.AsType[*importer.ExistsError](err); !ok || fault.Username != "erin.mixed" {
			t.Errorf("one who exists: %v", err)
		}
		if done, err := i.ImportUser(t.Context(), mustLook(t, i, "Erin"), importer.MayUpdate); err != nil || done.Created {
			t.Errorf("adopted: %+v %v", done, err)
		}
	}
}

// Another person, found in the directory by that name, comes back from a re-import, and is not kept.
func TestReimportOfAnotherPerson(t *testing.T) {
	t.Parallel()
	directory := mockldap.Lab()
	server, i, client := start(t, cloudshell.Options{Directory: directory})
	done, err := i.ImportUser(t.Context(), mustLook(t, i, "jporter"), importer.NoConsent)
	if err != nil {
		t.Fatal(err)
	}
	directory.RenameUser("jporter", "james.porter")
	for username, removed := range map[string]bool{"jporter2": true, "jane": false} {
		directory.AddUser(people.User{Username: username, DisplayName: "jporter"})
		_, err = i.Reimport(t.Context(), done.User)
		fault, ok := errors.AsType[*importer.OtherPersonError](err)
		if !ok || !fault.Imported || fault.Removed != removed || fault.Found.Username != username {
			t.Errorf("error %+v", err)
		}
		if _, there := server.User(username); there == removed {
			t.Errorf("%s is there: %v", username, there)
		}
		directory.RemoveUser(username)
	}
	if kept, err := client.ReadUser(t.Context(), done.User.ID); err != nil || !kept.IsActive {
		t.Errorf("the user of before: %+v %v", kept, err)
	}
}

// The name that a person is said to have now belongs to another account, which has it in another encoding: nothing is
// imported, and that account stays.
func TestReimportByTheNameOfAnotherAccount(t *testing.T) {
	t.Parallel()
	composed, decomposed := "jos\u00e9", "jose\u0301"
	directory := mockldap.Lab()
	directory.AddUser(people.User{Username: decomposed, DisplayName: "José"})
	server, i, _ := start(t, cloudshell.Options{Directory: directory})
	done, err := i.ImportUser(t.Context(), mustLook(t, i, "jporter"), importer.NoConsent)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := i.ImportUser(t.Context(), mustLook(t, i, composed), importer.NoConsent); err != nil {
		t.Fatal(err)
	}
	_, err = i.ReimportAs(t.Context(), done.User, composed)
	if fault, ok := errors.AsType[*importer.OtherPersonError](err); !ok || fault.Imported || fault.Removed {
		t.Errorf("error %+v", err)
	}
	if _, there := server.User(decomposed); !there {
		t.Error("the account of another person was deleted")
	}
}

func TestChangesAndDeparturesWithLostAnswers(t *testing.T) {
	t.Parallel()
	for fault, lost := range map[string]faults.Fault{
		"cut": faults.CutAfter(), "502": faults.AnswerAfter(502, "text/html", "Sorry"), "503": faults.AnswerAfter(503,
			"text/html", "Sorry"),
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			server, i, _ := start(t, cloudshell.Options{})
			done, err := i.ImportUser(t.Context(), mustLook(t, i, "jporter"), importer.NoConsent)
			if err != nil {
				t.Fatal(err)
			}
			for _, method := range []string{"PUT", "DELETE"} {
				server.Faults().Add(faults.Rule{Method: method, Path: "/api/v1/users/*", Fault: lost})
			}
			two := int64(2)
			changed, err := i.ChangeSettings(t.Context(), done.User, func(u *cloudshellapi.User) bool {
				before := u.MaxSavedSandboxes
				u.MaxSavedSandboxes = &two
				return before == nil || *before != two
			})
			if err != nil || *changed.MaxSavedSandboxes != 2 {
				t.Errorf("changed: %+v %v", changed, err)
			}
			if err := i.Delete(t.Context(), done.User); err != nil {
				t.Error(err)
			}
			if err := i.Delete(t.Context(), done.User); err != nil {
				t.Errorf("gone already: %v", err)
			}
		})
	}
}

func TestProtectedAccounts(t *testing.T) {
	t.Parallel()
	server, i, client := start(t, cloudshell.Options{})
	local := server.AddLocalUser("operator")
	user, err := client.ReadUser(t.Context(), local.ID)
	if err != nil {
		t.Fatal(err)
	}
	if fault, ok := errors.AsType[*importer.ProtectedError](i.Protected(user)); !ok || fault.Reason != importer.LocalUser {
		t.Errorf("a local user: %+v", fault)
	}
	if err := i.Delete(t.Context(), user); err != nil {
		t.Error(err)
	}
	if _, there := server.User("operator"); !there {
		t.Error("a local user was deleted")
	}
}
