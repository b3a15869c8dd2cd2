// SPDX-License-Identifier: MPL-2.0

package packed_test

import (
	"bytes"
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"pgregory.net/rapid"

	"github.com/external-directory/terraform-provider-directory/internal/framework/packed"
)

var (
	stringMap = tftypes.Map{ElementType: tftypes.String}
	stringSet = tftypes.Set{ElementType: tftypes.String}
	unpacked  = object(stringMap)
	texts     = object(tftypes.String)
	names     = map[string]bool{"members": true, "created": true}
)

// object is the type of a resource with two packed maps, and one that is not packed.
func object(packedAs tftypes.Type) tftypes.Object {
	return tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"name": tftypes.String, "limit": tftypes.Number, "keep": tftypes.Bool, "groups": stringSet, "triggers": stringMap,
		"members": packedAs, "created": packedAs,
	}}
}

func TestPack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.MapOf(rapid.String(), rapid.StringN(-1, -1, 400))
		members, created := texts.Draw(t, "members"), texts.Draw(t, "created")
		checkPacked(t, stringMapOf(members), stringMapOf(created), members, created)
		for _, other := range []any{nil, tftypes.UnknownValue} {
			checkPacked(t, tftypes.NewValue(stringMap, other), stringMapOf(created), map[string]string{}, created)
		}
	})
}

// checkPacked packs an object, looks at what the framework has of it, and unpacks it again.
func checkPacked(t *rapid.T, members, created tftypes.Value, wantMembers, wantCreated map[string]string) {
	terraform := dynamic(t, unpacked, tftypes.NewValue(unpacked, map[string]tftypes.Value{
		"name": tftypes.NewValue(tftypes.String, "Lab"), "limit": tftypes.NewValue(tftypes.Number, 5000),
		"keep": tftypes.NewValue(tftypes.Bool, tftypes.UnknownValue), "groups": tftypes.NewValue(stringSet, nil),
		"triggers": stringMapOf(map[string]string{"a": "b"}), "members": members, "created": created,
	}))
	sent := bytes.Clone(terraform.MsgPack)
	framework, err := packed.Pack(terraform, names)
	if err != nil {
		t.Fatal(err)
	}
	value, err := framework.Unmarshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	var attributes map[string]tftypes.Value
	if err := value.As(&attributes); err != nil {
		t.Fatal(err)
	}
	text := attributes["members"]
	if text.IsNull() != members.IsNull() || text.IsKnown() != members.IsKnown() {
		t.Fatalf("%s became %s", members, text)
	}
	if got := packed.Strings(stringOf(t, text)); !maps.Equal(got, wantMembers) {
		t.Fatalf("%v became %v", wantMembers, got)
	}
	if again := packed.Of(wantCreated); !again.Equal(stringOf(t, attributes["created"])) {
		t.Fatalf("%v is packed as %q and as %q", wantCreated, again, attributes["created"])
	}
	if !bytes.Equal(terraform.MsgPack, sent) {
		t.Fatal("what Terraform sent was changed")
	}
	back, err := packed.Unpack(framework, names)
	if err != nil {
		t.Fatal(err)
	}
	got, err := back.Unmarshal(unpacked)
	if err != nil {
		t.Fatal(err)
	}
	if want, err := terraform.Unmarshal(unpacked); err != nil || !got.Equal(want) {
		t.Fatalf("%s came back as %s (%v)", want, got, err)
	}
}

func TestPackLeavesAlone(t *testing.T) {
	t.Parallel()
	for what, value := range map[string][]byte{
		"a null object, as after a destroy": {0xc0},
		"an object that is not known":       {0xd4, 0, 0},
		"a map with a refinement: not null": append(append([]byte{0x81, 0xa7}, "members"...), 0xc7, 3, 12, 0x81, 1, 0xc2),
		"no packed attribute":               append(append([]byte{0x81, 0xa4}, "name"...), 0xc0),
	} {
		for how, convert := range map[string]func(*tfprotov6.DynamicValue, map[string]bool) (*tfprotov6.DynamicValue, error){
			"Pack": packed.Pack, "Unpack": packed.Unpack,
		} {
			got, err := convert(&tfprotov6.DynamicValue{MsgPack: value}, names)
			if err != nil || !bytes.Equal(got.MsgPack, value) {
				t.Errorf("%s of %s: %v, %v", how, what, got, err)
			}
		}
	}
	if got, err := packed.Pack(nil, names); got != nil || err != nil {
		t.Errorf("no value became %v, %v", got, err)
	}
}

// What is not as it should be must not reach a resource as an empty map.
func TestPackRefuses(t *testing.T) {
	t.Parallel()
	whole := append(append([]byte{0x81, 0xa7}, "members"...), 0x82, 0xa1, 'a', 0xa1, 'b', 0xa1, 'c', 0xc0)
	if _, err := packed.Pack(&tfprotov6.DynamicValue{MsgPack: whole}, names); err != nil {
		t.Fatal(err)
	}
	for n := 1; n < len(whole); n++ {
		if got, err := packed.Pack(&tfprotov6.DynamicValue{MsgPack: whole[:n]}, names); err == nil {
			t.Errorf("the first %d of %d bytes became %v", n, len(whole), got)
		}
	}
	for what, value := range map[string]*tfprotov6.DynamicValue{
		"a number as an element": {MsgPack: append(append([]byte{0x81, 0xa7}, "members"...), 0x81, 0xa1, 'a', 1)},
		"a number as a key":      {MsgPack: append(append([]byte{0x81, 0xa7}, "members"...), 0x81, 1, 0xa1, 'a')},
		"a null as a key":        {MsgPack: append(append([]byte{0x81, 0xa7}, "members"...), 0x81, 0xc0, 0xa1, 'a')},
		"JSON":                   {JSON: []byte(`{"members": {}}`)},
	} {
		if got, err := packed.Pack(value, names); err == nil {
			t.Errorf("%s became %v", what, got)
		}
	}
}

// A state file is JSON.
func TestTakeOut(t *testing.T) {
	t.Parallel()
	state := &tfprotov6.RawState{JSON: []byte(
		`{"name":"Lab","limit":12345678901234567890,"keep":null,"members":{"b":"B","a":"Ä\u0000"},"created":null}`)}
	rest, taken, err := packed.TakeOut(state, names)
	if err != nil {
		t.Fatal(err)
	}
	value, err := rest.UnmarshalWithOpts(texts, tfprotov6.UnmarshalOpts{})
	if err != nil {
		t.Fatal(err)
	}
	back, err := packed.PutBack(dynamic(t, texts, value), taken)
	if err != nil {
		t.Fatal(err)
	}
	got, err := back.Unmarshal(unpacked)
	if err != nil {
		t.Fatal(err)
	}
	want, err := state.UnmarshalWithOpts(unpacked, tfprotov6.UnmarshalOpts{})
	if err != nil || !got.Equal(want) {
		t.Errorf("the state became %s, not %s (%v)", got, want, err)
	}
}

func TestTakeOutLeavesAlone(t *testing.T) {
	t.Parallel()
	if rest, taken, err := packed.TakeOut(nil, names); rest != nil || len(taken) > 0 || err != nil {
		t.Errorf("no state became %v, %v, %v", rest, taken, err)
	}
	for _, state := range []string{"", "null", "[1]", "{", "{}"} {
		rest, taken, err := packed.TakeOut(&tfprotov6.RawState{JSON: []byte(state)}, names)
		if err != nil || len(taken) > 0 || string(rest.JSON) != state {
			t.Errorf("%q became %q, %v, %v", state, rest.JSON, taken, err)
		}
	}
	wrong := &tfprotov6.RawState{JSON: []byte(`{"members":{"a":1}}`)}
	if _, _, err := packed.TakeOut(wrong, names); err == nil || !strings.Contains(err.Error(), "members") {
		t.Errorf("a number as an element: %v", err)
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	got := packed.Names(map[string]schema.Attribute{
		"members": packed.Map("Who is in."), "created": packed.Map("Who is new."), "name": schema.StringAttribute{},
	})
	if !maps.Equal(got, names) {
		t.Errorf("packed are %v", got)
	}
}

func FuzzPack(f *testing.F) {
	f.Add(append(append([]byte{0x81, 0xa7}, "members"...), 0x82, 0xa1, 'a', 0xa1, 'b', 0xa1, 'c', 0xc0))
	f.Add(append(append([]byte{0x81, 0xa7}, "members"...), 0xdf, 0xff, 0xff, 0xff, 0xff))
	f.Fuzz(func(t *testing.T, value []byte) {
		framework, err := packed.Pack(&tfprotov6.DynamicValue{MsgPack: value}, names)
		if err != nil {
			return
		}
		back, err := packed.Unpack(framework, names)
		if err != nil {
			t.Fatalf("%x was packed as %x, and that is refused: %v", value, framework.MsgPack, err)
		}
		again, err := packed.Pack(back, names)
		if err != nil || !bytes.Equal(again.MsgPack, framework.MsgPack) {
			t.Errorf("%x was packed as %x and as %v (%v)", value, framework.MsgPack, again, err)
		}
	})
}

type fataler interface {
	Helper()
	Fatal(args ...any)
}

func dynamic(t fataler, typ tftypes.Type, value tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	made, err := tfprotov6.NewDynamicValue(typ, value)
	if err != nil {
		t.Fatal(err)
	}
	return &made
}

func stringMapOf(from map[string]string) tftypes.Value {
	elements := map[string]tftypes.Value{}
	for key, element := range from {
		elements[key] = tftypes.NewValue(tftypes.String, element)
	}
	return tftypes.NewValue(stringMap, elements)
}

// stringOf is what the framework hands to a resource.
func stringOf(t *rapid.T, value tftypes.Value) types.String {
	made, err := types.StringType.ValueFromTerraform(t.Context(), value)
	if err != nil {
		t.Fatal(err)
	}
	return made.(types.String)
}
